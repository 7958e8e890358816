import { channelContract } from '../contract.js';
import { telegramWorld } from './world.js';

channelContract('Telegram', telegramWorld);
