// A word list of npm as a hedge detector: hedged is a sentence with one of its entries as whole words.
// Called with: in, out, folder of the packages, the package (hedges or weasels). See exchange.py.
import fs from 'node:fs'
import path from 'node:path'
import {pathToFileURL} from 'node:url'

const [input, output, prefix, name] = process.argv.slice(2)
const folder = path.join(prefix, 'node_modules', name)
const {[name]: list} = await import(pathToFileURL(path.join(folder, 'index.js')))
const given = JSON.parse(fs.readFileSync(input, 'utf8'))

// The longest first, so that one entry does not hide a longer one; \b is right, the lists are ASCII.
const entries = [...list].sort((a, b) => b.length - a.length)
const escaped = entries.map((entry) => entry.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ +/g, '\\s+'))
const hedge = new RegExp(`\\b(?:${escaped.join('|')})\\b`, 'i')
const hedged = (text) => (hedge.test(text) ? 1 : 0)

let seconds = Infinity
for (let round = 0; round < given.rounds; round++) {
  const begin = process.hrtime.bigint()
  given.sentences.map(hedged)
  seconds = Math.min(seconds, Number(process.hrtime.bigint() - begin) / 1e9)
}
const flags = Object.fromEntries(Object.entries(given.sets).map(([key, set]) => [key, set.texts.map(hedged)]))
const {version} = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
const versions = {node: process.versions.node, [name]: version}
fs.writeFileSync(output, JSON.stringify({sentences: given.sentences.length, seconds, versions, flags}))
