import { afterAll } from 'vitest';
import { channelContract } from '../contract.js';
import { endWhatsAppWorld, whatsAppWorld } from './world.js';

afterAll(endWhatsAppWorld);
channelContract('WhatsApp Web', whatsAppWorld);
