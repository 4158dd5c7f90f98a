// In the place of peers.js when they are not installed.
export const peers = {};
