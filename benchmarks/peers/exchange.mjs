// How a peer of npm is run: it reads and writes files as exchange.py has them, less the reference pass.
import fs from 'node:fs'

// `read` takes a sentence and is timed; `hedged` takes a text and gives 1 or 0.
export function runPeer(input, output, versions, read, hedged) {
  const given = JSON.parse(fs.readFileSync(input, 'utf8'))
  let seconds = Infinity
  for (let round = 0; round < given.rounds; round++) {
    const begin = process.hrtime.bigint()
    given.sentences.map((text) => read(text))
    seconds = Math.min(seconds, Number(process.hrtime.bigint() - begin) / 1e9)
  }
  const answers = Object.entries(given.sets).map(([key, set]) => [key, set.texts.map((text) => hedged(text))])
  const flags = Object.fromEntries(answers)
  const found = {sentences: given.sentences.length, seconds, versions: {node: process.versions.node, ...versions}, flags}
  fs.writeFileSync(output, JSON.stringify(found))
}
