import { channelContract } from '../contract.js';
import { whatsAppWorld } from './world.js';

channelContract('WhatsApp Web', whatsAppWorld);
