// The two commands that shut somebody out, as the hub recognises them when it has decided them. Names are protocol.

export const REVOKE_DEVICE = 'masters.revokeDevice'
export const REVOKE_ACCOUNT = 'masters.revokeAccount'

export const isRevocation = (command: string): boolean => command === REVOKE_DEVICE || command === REVOKE_ACCOUNT
