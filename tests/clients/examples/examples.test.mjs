import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { before, test } from 'node:test'

const { DATA, NOTES_URL, WORK, SALLYPORT_URL, SALLYPORT_ADMIN_KEY, SALLYPORT_AGENT_KEY } =
  process.env
const repository = resolve('../../..')
const names = ['agent', 'mcp-client', 'policy']

// --- how they are run

// Somebody's shell: it knows nothing of the gateway unless told.
function shell(variables) {
  const environment = { ...process.env, ...variables }
  for (const name of ['SALLYPORT_URL', 'SALLYPORT_ADMIN_KEY', 'SALLYPORT_AGENT_KEY']) {
    if (!(name in variables)) {
      delete environment[name]
    }
  }
  return environment
}

function start(name, { options = ['--data', DATA], variables = {}, clone = repository } = {}) {
  const child = spawn(join(clone, 'examples', name, 'run.sh'), options, {
    cwd: WORK,
    env: shell(variables),
    detached: true, // a process group of its own
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const run = { child, out: '', err: '' }
  child.stdout.on('data', (text) => (run.out += text))
  child.stderr.on('data', (text) => (run.err += text))
  run.ended = new Promise((done) => {
    child.on('close', (status) => done(Object.assign(run, { status })))
  })
  return run
}

const run = (name, how) => start(name, how).ended

async function printed(running, text) {
  while (!running.out.includes(text)) {
    assert.equal(running.child.exitCode, null, `it ended before it said "${text}": ${running.out}`)
    await new Promise((later) => running.child.stdout.once('data', later))
  }
}

const processesOf = ({ child }) =>
  spawnSync('pgrep', ['-g', child.pid], { encoding: 'utf8' }).stdout.trim()

// --- what they leave

async function admin(path, tenant = 'default') {
  const answer = await fetch(`${SALLYPORT_URL}/admin/v1${path}`, {
    headers: { Authorization: `Bearer ${SALLYPORT_ADMIN_KEY}`, 'X-Sallyport-Tenant': tenant },
  })
  assert.equal(answer.status, 200, path)
  return answer.json()
}

const settings = async () => ({
  servers: (await admin('/servers')).items.map(({ slug, url, tools }) => ({ slug, url, tools })),
  policy: (await admin('/policies/current')).document,
  keys: (await admin('/keys')).items.map(({ id, blocked }) => ({ id, blocked })),
  models: (await admin('/models')).items,
  toolsets: (await admin('/toolsets')).items,
})

async function assertNothingIsLeft(running, name) {
  assert.equal(processesOf(running), '')
  const tenant = `example-${name}`
  for (const list of ['servers', 'models', 'toolsets']) {
    assert.deepEqual((await admin(`/${list}`, tenant)).items, [], list)
  }
  assert.ok((await admin('/keys', tenant)).items.every((key) => key.blocked))
  assert.deepEqual((await admin('/approvals?state=pending', tenant)).items, [])
  assert.deepEqual(JSON.parse((await admin('/policies/current', tenant)).document), { rules: [] })
}

async function assertDone(running, name) {
  assert.equal(running.status, 0, running.err + running.out)
  assert.equal(running.err, '')
  assert.match(running.out, new RegExp(`\nLeft in the gateway: the tenant example-${name} `))
  await assertNothingIsLeft(running, name)
}

// --- what they print

const told = {
  agent(out) {
    const [, first, approval, second, third, records] = out.split(/\n\n(?=The|Ada|And|What|Left)/)
    for (const [answer, status] of [
      [first, 'approval_required'],
      [second, 'ok'],
      [third, 'approval_required'],
    ]) {
      assert.match(answer, /^ {2}notes\/list_notes +ok$/m)
      assert.match(answer, /tool_not_offered: delete_note explicit_deny, rule nothing-is-deleted$/m)
      assert.match(answer, new RegExp(`^ {2}notes/create_note +${status}$`, 'm'))
    }
    assert.match(approval, /service:agent wants notes\/create_note \(risk: write\)/)
    assert.match(approval, /"title":"Monday"/)
    assert.match(approval, /She approves it: approved/)
    const recordsOf = (tool) =>
      [...records.matchAll(new RegExp(`^  \\S+ +(\\S+) +${tool} +(\\S+) +(.*)$`, 'gm'))].map(
        ([, kind, who, what]) => `${kind} ${who} ${what}`.trim(),
      )
    assert.deepEqual(recordsOf('create_note'), [
      'approval.requested service:agent writing',
      'approval.decided user:ada Harmless.',
      'call.intent service:agent writing',
      'approval.consumed service:agent',
      'call.outcome service:agent ok',
      'approval.requested service:agent writing',
    ])
    const denial = 'call.denied service:agent explicit_deny'
    assert.deepEqual(recordsOf('delete_note'), [denial, denial, denial])
    const listed = recordsOf('list_notes').filter((it) => it === 'call.outcome service:agent ok')
    assert.equal(listed.length, 3)
  },
  'mcp-client'(out) {
    assert.match(out, /^Connected to .*\/mcp, revision 2026-07-28\.$/m)
    const listed = [...out.matchAll(/^ {2}(\w+__\w+) {2,}\S/gm)].map(([, name]) => name)
    assert.deepEqual(listed.sort(), [
      'notes__list_notes',
      'notes__read_note',
      'weather__get_alerts',
      'weather__get_forecast',
    ])
    assert.match(out, /^notes__list_notes \{\}, record \S+:\n {2}\| n1 {2}Groceries$/m)
    assert.match(out, /^weather__get_forecast .*, record \S+:\n {2}\| .*Oslo/m)
    for (const [tool, why] of [
      ['delete_note', 'explicit_deny, rule nothing-is-deleted'],
      ['create_note', 'not_allowed'],
      ['shred_note', 'unknown_tool'],
    ]) {
      const said = `notes__${tool}: .*Unknown tool: notes__${tool}\n {4}deny, ${why}; ask at https:`
      assert.match(out, new RegExp(said))
    }
  },
  policy(out) {
    assert.equal(out.match(/^ok +(user|service):\S+ /gm).length, 10)
    assert.match(out, /^ok +user:ada desk +notes\/create_note +yes +require_approval desk-writes$/m)
    assert.match(out, /^ok +user:gus guests +weather\/\w+ +no +deny explicit_deny, rule no-guests$/m)
    assert.match(out, /^10 cases, 0 differ$/m)
  },
}

let settingsBefore

before(async () => {
  settingsBefore = await settings()
})

for (const name of names) {
  test(`${name} does what its README says`, async () => {
    const running = await run(name)
    await assertDone(running, name)
    told[name](running.out)
  })
}

test('they run again, all three side by side', async () => {
  const runs = await Promise.all(names.map((name) => run(name)))
  for (const [index, name] of names.entries()) {
    await assertDone(runs[index], name)
    told[name](runs[index].out)
  }
})

test('a second run of the same example is refused, and the first one goes on', async () => {
  const first = start('agent')
  await printed(first, 'The agent asks:')
  const second = await run('agent')
  assert.equal(second.status, 1)
  assert.match(second.err, /^examples\/agent: another run of this example is under way/)
  await assertDone(await first.ended, 'agent')
})

test('an interrupted run ends what it started and leaves nothing', async () => {
  const running = start('agent')
  await printed(running, 'The agent asks:')
  process.kill(-running.child.pid, 'SIGTERM')
  await running.ended
  assert.equal(running.status, 143)
  await assertNothingIsLeft(running, 'agent')
})

test('a run whose reader leaves ends, and leaves nothing', async () => {
  const running = start('agent')
  await printed(running, 'The agent asks:')
  running.child.stdout.destroy()
  await running.ended
  assert.notEqual(running.status, 0)
  await assertNothingIsLeft(running, 'agent')
})

test('what a killed run left is cleared by the next', async () => {
  const killed = start('agent')
  await printed(killed, 'The agent asks the same again:')
  process.kill(-killed.child.pid, 'SIGKILL')
  await killed.ended
  assert.equal((await admin('/servers', 'example-agent')).items.length, 1)
  const running = await run('agent')
  await assertDone(running, 'agent')
  told.agent(running.out)
})

test('a policy that decides otherwise fails its cases by name', async () => {
  const clone = join(WORK, 'clone')
  mkdirSync(clone)
  symlinkSync(join(repository, 'sallyport'), join(clone, 'sallyport'))
  cpSync(join(repository, 'examples'), join(clone, 'examples'), {
    recursive: true,
    filter: (path) => !path.startsWith(join(repository, 'examples', 'agent')),
  })
  const policy = join(clone, 'examples', 'policy', 'policy.yaml')
  const denying = readFileSync(policy, 'utf8')
    .replace('effect: require_approval', 'effect: deny')
    .replace(/^ *approval: .*\n/m, '')
  writeFileSync(policy, denying)
  const running = await run('policy', { clone })
  assert.equal(running.status, 1)
  const row = 'DIFFERS +user:ada desk +notes/create_note +no +deny explicit_deny, rule desk-writes'
  assert.match(running.out, new RegExp(`^${row}$`, 'm'))
  assert.match(running.out, /^DIFFERS: the desk .* agrees: expected require_approval desk-writes$/m)
  assert.match(running.out, /^10 cases, 1 differ$/m)
  await assertNothingIsLeft(running, 'policy')
})

test('address and key are taken from the environment too', async () => {
  const running = await run('mcp-client', {
    options: [],
    variables: { SALLYPORT_URL, SALLYPORT_ADMIN_KEY },
  })
  await assertDone(running, 'mcp-client')
})

// --- mistakes

function folderWith(name, text) {
  const folder = join(WORK, name)
  mkdirSync(folder)
  if (text !== undefined) {
    writeFileSync(join(folder, 'credentials'), text)
  }
  return folder
}

const credentials = (url, key) =>
  `export SALLYPORT_URL=${url}\nexport SALLYPORT_ADMIN_KEY=${key}\n`

const notesServer = NOTES_URL?.replace('/mcp', '')

// A PATH on which one program is missing.
function pathWithout(missing) {
  const folder = folderWith(`without-${missing}`)
  for (const program of ['sh', 'readlink', 'basename', 'dirname', 'curl', 'node', 'npm']) {
    if (program !== missing) {
      const at = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout
      symlinkSync(at.trim(), join(folder, program))
    }
  }
  return folder
}

const mistakes = {
  'an option that there is not': [
    2,
    { options: ['--wrong'] },
    'this is no option of it; see examples/agent/run.sh --help',
  ],
  'no folder behind --data': [2, { options: ['--data'] }, '--data needs a folder'],
  'a folder without credentials': [
    1,
    { options: [`--data=${folderWith('empty')}`] },
    'there is no ',
  ],
  'credentials that are none': [
    1,
    { options: ['--data', folderWith('other', 'hello\n')] },
    'is not what a gateway in dev mode writes',
  ],
  'a gateway that does not run': [
    1,
    { options: ['--data', folderWith('ended', credentials('http://127.0.0.1:1', 'sp_x'))] },
    'no gateway answers at http://127.0.0.1:1 ',
  ],
  'a port that another program has': [
    1,
    { options: ['--data', folderWith('taken', credentials(notesServer, 'sp_x'))] },
    'is no Sallyport: has another program taken its port?',
  ],
  'the keys of another data folder': [
    1,
    { options: ['--data', folderWith('foreign', credentials(SALLYPORT_URL, 'sp_x'))] },
    'it is one with another data folder',
  ],
  'a key that is no admin’s': [
    1,
    { options: [], variables: { SALLYPORT_URL, SALLYPORT_ADMIN_KEY: SALLYPORT_AGENT_KEY } },
    "the key from the environment is no admin's",
  ],
  'an address without a key': [
    1,
    { options: [], variables: { SALLYPORT_URL } },
    'set both SALLYPORT_URL and SALLYPORT_ADMIN_KEY, or neither',
  ],
}
for (const program of ['node', 'npm', 'curl']) {
  const how = { variables: { PATH: pathWithout(program) } }
  mistakes[`a machine without ${program}`] = [1, how, `needs ${program} on the PATH`]
}

for (const [mistake, [status, how, sentence]] of Object.entries(mistakes)) {
  test(`${mistake}: one line says so`, async () => {
    const running = await run('agent', how)
    assert.equal(running.status, status)
    assert.equal(running.out, '')
    assert.match(running.err, /^examples\/agent: [^\n]*\n$/)
    assert.ok(running.err.includes(sentence), running.err)
  })
}

test('each has help', async () => {
  for (const name of names) {
    const running = await run(name, { options: ['--help'] })
    assert.equal(running.status, 0)
    assert.match(running.out, new RegExp(`^Usage: examples/${name}/run\\.sh `))
    assert.match(running.out, /--data=DIR/)
  }
})

test('what somebody had before is as it was', async () => {
  assert.deepEqual(await settings(), settingsBefore)
})
