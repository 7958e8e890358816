import { channelContract } from '../contract.js';
import { cloudWorld } from './world.js';

channelContract('The Cloud API', cloudWorld);
