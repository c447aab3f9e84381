import type { ServiceRequest, SessionInfo } from '../../services/controller.ts';

/** What events say of a session, of all that the request said (S3 §3): it lives as long as the connection. */
export function sessionInfo(
  id: string,
  { path, params, user }: ServiceRequest,
  subProtocol: string | undefined,
): SessionInfo {
  return Object.freeze({
    id,
    path,
    params,
    ...(user !== undefined && { user }),
    ...(subProtocol !== undefined && { subProtocol }),
  });
}
