// The app's version as built: recorded in every envelope and shown beside the device's id.
export const appVersion = String(import.meta.env['APP_VERSION'])
