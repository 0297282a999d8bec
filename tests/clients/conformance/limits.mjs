// What a gateway cannot do where it translates between the eras, and why. A scenario that fails there
// without a reason here fails the build, and so does a reason that is not needed any more.

export const limits = new Map([
  [
    'server-stateless',
    'wants, among much else, error -32021 for a capability that the client lacks. A server of 2025-11-25 has ' +
      'no such error: its tool fails in its own words.',
  ],
  [
    'input-required-result-basic-elicitation',
    'expects its question under the key `user_name`. A question of a server of 2025-11-25 has an id, but no ' +
      'such name.',
  ],
  [
    'input-required-result-multiple-input-requests',
    'expects three questions at once. A server of 2025-11-25 asks one after the other and does not say how ' +
      'many will come, so each is a round of its own.',
  ],
])
