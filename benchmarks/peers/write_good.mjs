// write-good: timed with its default checks; hedged is what its check of weasel words marks.
// Called with: in, out, folder of the packages. See exchange.py.
import fs from 'node:fs'
import path from 'node:path'
import {createRequire} from 'node:module'

const [input, output, prefix] = process.argv.slice(2)
const require = createRequire(path.join(path.resolve(prefix), 'index.js'))
const writeGood = require('write-good')
const given = JSON.parse(fs.readFileSync(input, 'utf8'))

const weaselAlone = {
  weasel: true, illusion: false, so: false, thereIs: false, passive: false,
  adverb: false, tooWordy: false, cliches: false, eprime: false
}
const hedged = (text) => (writeGood(text, weaselAlone).length > 0 ? 1 : 0)

let seconds = Infinity
for (let round = 0; round < given.rounds; round++) {
  const begin = process.hrtime.bigint()
  given.sentences.map((text) => writeGood(text))
  seconds = Math.min(seconds, Number(process.hrtime.bigint() - begin) / 1e9)
}
const flags = Object.fromEntries(Object.entries(given.sets).map(([key, set]) => [key, set.texts.map(hedged)]))
const {version} = require('write-good/package.json')
const versions = {node: process.versions.node, 'write-good': version}
fs.writeFileSync(output, JSON.stringify({sentences: given.sentences.length, seconds, versions, flags}))
