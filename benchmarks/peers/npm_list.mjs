// A word list of npm as a hedge detector: hedged is a sentence with one of its entries as whole words.
// Called with: in, out, folder of the packages, the package (hedges or weasels). See exchange.py.
import fs from 'node:fs'
import path from 'node:path'
import {pathToFileURL} from 'node:url'

import {runPeer} from './exchange.mjs'

const [input, output, prefix, name] = process.argv.slice(2)
const folder = path.join(prefix, 'node_modules', name)
const {[name]: list} = await import(pathToFileURL(path.join(folder, 'index.js')))

// The longest first, so that one entry does not hide a longer one; \b is right, the lists are ASCII.
const entries = [...list].sort((a, b) => b.length - a.length)
const escaped = entries.map((entry) => entry.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ +/g, '\\s+'))
const hedge = new RegExp(`\\b(?:${escaped.join('|')})\\b`, 'i')
const hedged = (text) => (hedge.test(text) ? 1 : 0)

const {version} = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
runPeer(input, output, {[name]: version}, hedged, hedged)
