// Runs the suite and reads what it found out.

import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const installed = join(import.meta.dirname, 'node_modules/@modelcontextprotocol/conformance')
const program = join(installed, 'dist/index.js')
const results = process.env.SUITE_RESULTS

let runs = 0

async function run(args) {
  const folder = join(results, String(++runs))
  await mkdir(folder, { recursive: true })
  const child = spawn(process.execPath, [program, ...args, '-o', folder], { stdio: 'pipe' })
  const output = []
  child.stdout.on('data', (piece) => output.push(piece))
  child.stderr.on('data', (piece) => output.push(piece))
  const code = await new Promise((end) => child.on('close', end))
  return { folder, code, output: Buffer.concat(output).toString() }
}

const failures = (checks) =>
  checks
    .filter((check) => check.status === 'FAILURE')
    .map((check) => `${check.id}: ${check.errorMessage ?? check.description}`)

// Results are in folders such as tools-list-2026-01-31T10-00-00-000Z, with a prefix for servers.
async function readResults(folder, prefix = '') {
  const found = new Map()
  for (const name of await readdir(folder)) {
    const scenario = name.slice(prefix.length).replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '')
    const checks = await readFile(join(folder, name, 'checks.json'), 'utf8').catch(() => undefined)
    found.set(scenario, checks ? failures(JSON.parse(checks)) : ['it broke off'])
  }
  return found
}

// The scenarios that a revision requires of a server.
export async function required(revision) {
  const file = join(installed, 'requirements', `${revision}.yaml`)
  const [, list] = (await readFile(file, 'utf8')).match(/^server:\n((?: {2}- .*\n)+)/m)
  return list.trim().split('\n').map((line) => line.trim().slice(2))
}

// What failed of each scenario, by name; an empty list is a scenario that passed.
export async function testServer(url, revision) {
  const { folder } = await run(['server', '--url', url, '--requirements', revision])
  return readResults(folder, 'server-')
}

// What failed of one scenario with `command` as the client.
export async function testClient(scenario, command) {
  const { code, folder, output } = await run(['client', '--command', command, '--scenario', scenario])
  const [found] = (await readResults(folder)).values()
  const stillOpen = code === 0 || found?.length > 0 ? [] : [output]
  return [...(found ?? []), ...stillOpen]
}
