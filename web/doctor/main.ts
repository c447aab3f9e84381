import './rp-doctor.ts';
