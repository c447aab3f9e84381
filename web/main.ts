import './rp-app.ts';
