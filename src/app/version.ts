// The app's version as built: recorded in every envelope and shown beside the device's id.
declare const __APP_VERSION__: string

export const appVersion = __APP_VERSION__
