import type { Examination, Health } from '../contract.js';
import type { CloudApi } from './api.js';
import { CloudError } from './failure.js';

/**
 * Whether Meta still answers in the version of its API that we speak: it names the one it used in every answer, and one that has run
 * out is answered in the oldest it still has.
 */
export async function examineVersion(
  api: Pick<CloudApi, 'answeredVersion' | 'version' | 'server'>,
): Promise<Examination> {
  return { part: 'version', value: `Graph API ${api.version}`, health: await versionHealth(api) };
}

async function versionHealth({
  answeredVersion,
  version,
  server,
}: Pick<CloudApi, 'answeredVersion' | 'version' | 'server'>): Promise<Health> {
  if (/\/v\d+(\.\d+)?$/.test(server))
    return {
      ok: false,
      what: 'WHATSAPP_CLOUD_API_ROOT ends in a version, and Sapa puts its own behind it.',
      mend: 'Take the version out of the setting, or the whole setting away, and start Sapa again.',
    };
  const used = await answeredVersion().catch((error: unknown) => {
    if (error instanceof CloudError) return null;
    throw error;
  });
  if (used === null || used === version) return { ok: true };
  return {
    ok: false,
    what: `WhatsApp answers in version ${used} of its API: ${version} has run out.`,
    mend: 'Install a newer Sapa; until then, look whether messages still arrive.',
  };
}
