// write-good: timed with its default checks; hedged is what its check of weasel words marks.
// Called with: in, out, folder of the packages. See exchange.py.
import path from 'node:path'
import {createRequire} from 'node:module'

import {runPeer} from './exchange.mjs'

const [input, output, prefix] = process.argv.slice(2)
const require = createRequire(path.join(path.resolve(prefix), 'index.js'))
const writeGood = require('write-good')

const weaselAlone = {
  weasel: true, illusion: false, so: false, thereIs: false, passive: false,
  adverb: false, tooWordy: false, cliches: false, eprime: false
}
const hedged = (text) => (writeGood(text, weaselAlone).length > 0 ? 1 : 0)

const {version} = require('write-good/package.json')
runPeer(input, output, {'write-good': version}, writeGood, hedged)
