// Why a scenario cannot pass where the gateway translates between the eras. A scenario that fails
// without a reason here fails the build.

export const limits = new Map()
