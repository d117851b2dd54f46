// The one Trusted Types policy of the app: script addresses of our own origin, for the worker and the service worker. It never lets HTML or
// script text through, and no address of another origin.

interface ScriptUrlPolicy {
  createScriptURL(url: string): string
}
interface PolicyFactory {
  createPolicy(name: string, rules: ScriptUrlPolicy): { createScriptURL(url: string): unknown }
}

/** The name that the hub's content security policy allows (src/hub/headers.ts). */
export const policyName = 'holdfast'

const rules: ScriptUrlPolicy = {
  createScriptURL(url) {
    if (new URL(url, location.href).origin !== location.origin) throw new TypeError(`No script is loaded from ${url}.`)
    return url
  },
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
// Browsers without Trusted Types take the plain text; the check of the origin is the same.
const policy = factory?.createPolicy(policyName, rules) ?? rules

/** An address that Worker and serviceWorker.register accept under the policy. Throws TypeError for another origin. */
export const scriptUrl = (url: string): string => policy.createScriptURL(url) as string
