export { fastify } from 'fastify';
export { pino } from 'pino';
export { WebSocket, WebSocketServer } from 'ws';
