import botbuilder from 'botbuilder-core';
import dialogs from 'botbuilder-dialogs';
import { answer, closing, opening, question } from '../conversation.mjs';

const { BotAdapter, ConversationState, MemoryStorage, TurnContext } = botbuilder;
const { DialogSet, DialogTurnStatus, TextPrompt, WaterfallDialog } = dialogs;

/** botbuilder-dialogs: a WaterfallDialog of TextPrompts; MemoryStorage keeps JSON text. */
export function json(length, hear) {
  let stored = 0;
  const state = new ConversationState(new MemoryStorage());
  const set = new DialogSet(state.createProperty('dialogs'));
  set.add(
    new TextPrompt('text', async ({ recognized }) => recognized.succeeded && recognized.value.trim() !== ''),
  );
  const take = (step) => {
    if (step.index === 0) step.values.answers = [];
    else step.values.answers.push(step.result.trim());
  };
  const steps = Array.from({ length }, (_, i) => async (step) => {
    take(step);
    return step.prompt('text', { prompt: question(i) });
  });
  const last = async (step) => {
    take(step);
    stored = step.values.answers.length;
    await step.context.sendActivity(closing);
    return step.endDialog();
  };
  set.add(new WaterfallDialog('wawancara', [...steps, last]));
  const adapter = new Deaf(hear);
  const logic = async (context) => {
    const dialog = await set.createContext(context);
    const { status } = await dialog.continueDialog();
    if (status === DialogTurnStatus.empty) await dialog.beginDialog('wawancara');
    await state.saveChanges(context);
  };
  return async () => {
    await adapter.hear(opening, logic);
    for (let i = 0; i < length; i += 1) await adapter.hear(answer(i), logic);
    return stored;
  };
}

/** An adapter without a network. */
class Deaf extends BotAdapter {
  constructor(say) {
    super();
    this.say = say;
  }

  async hear(text, logic) {
    const context = new TurnContext(this, {
      type: 'message',
      channelId: 'bench',
      conversation: { id: '7' },
      from: { id: '7' },
      recipient: { id: '1' },
      text,
    });
    await this.runMiddleware(context, logic);
  }

  async sendActivities(_context, activities) {
    for (const activity of activities) this.say(activity.text);
    return activities.map(() => ({ id: '1' }));
  }
}
