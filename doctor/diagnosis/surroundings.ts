import { seconds } from '../amounts.ts';
import { NGINX_HOST } from './proxy-lines.ts';
import { NOTHING_TO_DO, type Rule } from './rule.ts';

const TOLERABLE_SKEW_MS = 60_000;

const clockSkew: Rule = {
  id: 'clock-skew',
  look({ known: { clock } }) {
    if (clock === undefined || Math.abs(clock.skewMs) <= TOLERABLE_SKEW_MS + clock.uncertainMs) return null;
    const off = seconds(Math.abs(clock.skewMs));
    return {
      severity: 'warn',
      title: `This clock is ${off} ${clock.skewMs > 0 ? 'ahead of' : 'behind'} that of the server`,
      evidence: [`Stamps of the server and this clock differ by ${off}.`],
      remedy: {
        user: 'Let the computer set its clock by itself. Tokens and times of day go wrong otherwise.',
        it: 'Please check the time service of this computer.',
        operator: 'Check that the clock of the server is right.',
      },
    };
  },
};

const hostChanged: Rule = {
  id: 'host-changed',
  look({ known: { mirror } }) {
    if (mirror?.isHostKept !== false) return null;
    return {
      severity: 'info',
      title: 'A proxy changes the Host header',
      evidence: ['The Host that arrived is not the one in the address.'],
      remedy: {
        user: NOTHING_TO_DO,
        it: NOTHING_TO_DO,
        operator: 'Pass the Host header on: whether a page is of the same site is judged by it.',
        nginx: NGINX_HOST,
      },
    };
  },
};

const proxied: Rule = {
  id: 'proxied',
  look({ known: { mirror } }) {
    if (mirror === undefined || mirror.traces.length === 0) return null;
    return {
      severity: 'info',
      title: 'Requests go through a proxy',
      evidence: [`They arrive with headers that only proxies add: ${mirror.traces.join(', ')}.`],
      remedy: { user: NOTHING_TO_DO, it: NOTHING_TO_DO, operator: NOTHING_TO_DO },
    };
  },
};

const noMirror: Rule = {
  id: 'no-mirror',
  look({ known: { mirror, reach } }) {
    if (mirror !== undefined || reach?.isSockJS !== true) return null;
    return {
      severity: 'info',
      title: 'The server does not help with the examination',
      evidence: ['It has no /doctor/mirror, so much could not be looked at.'],
      remedy: {
        user: NOTHING_TO_DO,
        it: NOTHING_TO_DO,
        operator: 'A newer Roomplex has what the doctor asks for; a proxy in front must pass /doctor on.',
      },
    };
  },
};

const cookiesOff: Rule = {
  id: 'cookies-off',
  look({ known: { cookies } }) {
    if (cookies?.areKept !== false) return null;
    return {
      severity: 'info',
      title: 'The browser keeps no cookies',
      evidence: ['One that was set could not be read.'],
      remedy: {
        user: 'Nothing needs to be done: Roomplex itself needs none.',
        it: NOTHING_TO_DO,
        operator: 'A balancer that goes by cookies sends the requests of one session to different servers.',
      },
    };
  },
};

const webrtcBlocked: Rule = {
  id: 'webrtc-blocked',
  look({ known: { webrtc } }) {
    if (webrtc === undefined || webrtc.candidates.length > 0) return null;
    return {
      severity: 'info',
      title: 'The browser finds no way for calls',
      evidence: ['No WebRTC candidate was found.'],
      remedy: {
        user: 'Calls from browser to browser will not work. An extension or a policy may forbid them.',
        it: 'A policy may forbid WebRTC in this browser.',
        operator: NOTHING_TO_DO,
      },
    };
  },
};

export const SURROUNDINGS: readonly Rule[] = [
  clockSkew,
  hostChanged,
  proxied,
  noMirror,
  cookiesOff,
  webrtcBlocked,
];
