import type { Request } from 'express';
import { SHARED_SPACE } from '../../hub/spaces.ts';

/** Which rooms a request means: `?space=`, or those that many doors lead to. */
export function spaceOf(request: Request<object>): string {
  const { space } = request.query;
  return typeof space === 'string' ? space : SHARED_SPACE;
}
