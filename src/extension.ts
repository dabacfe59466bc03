import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import type * as openaiBundle from './adapters/models/openai';
import { ownVendor } from './adapters/models/vscodeChatModel';
import { reconcileHistory } from './adapters/storage/reconcileHistory';
import { recognizeWorkspace, type AdoptionOffer } from './adapters/storage/workspace/recognizeWorkspace';
import { WorkerVectorStore } from './adapters/storage/workerVectorStore';
import { WorkerHistoryDoctor } from './adapters/storage/workerHistoryDoctor';
import { WorkerRetention } from './adapters/storage/workerRetention';
import { WorkerClient } from './adapters/storage/workerClient';
import { WorkspaceClient } from './adapters/storage/workspaceClient';
import { WorkspaceRecords } from './adapters/storage/workspaceRecords';
import { AgentsFile } from './adapters/vscode/agentsFile';
import { ModelTokens } from './adapters/tokens/modelTokens';
import { ApiKeys } from './adapters/vscode/apiKeys';
import { ContextPanel } from './adapters/vscode/contextPanel';
import { contextChoice, useContextChoice } from './adapters/vscode/contextSettings';
import { CurrentChat } from './adapters/vscode/chat';
import { createChatParticipant } from './adapters/vscode/chatParticipant';
import { ChatViewProvider, chatViewId } from './adapters/vscode/chatViewProvider';
import { ContextMeter } from './adapters/vscode/contextMeter';
import { ContextStatusBar } from './adapters/vscode/contextStatusBar';
import { createActions } from './adapters/vscode/commands/actions';
import { connectModel } from './adapters/vscode/commands/connectModel';
import { contextCommands } from './adapters/vscode/commands/contextCommands';
import { createRetentionActions } from './adapters/vscode/commands/retentionActions';
import { retentionDialog } from './adapters/vscode/commands/retentionDialog';
import { createHistoryDoctor } from './adapters/vscode/commands/historyDoctorCommand';
import { createDialogs } from './adapters/vscode/commands/dialogs';
import { HistoryDocument } from './adapters/vscode/commands/historyDocument';
import { embeddingCommands } from './adapters/vscode/commands/embeddingCommands';
import { registerCommands } from './adapters/vscode/commands/register';
import { sessionCommands } from './adapters/vscode/commands/sessionCommands';
import { undoSummaryDialog } from './adapters/vscode/commands/undoSummaryDialog';
import { createHistoryNews, followHistory } from './adapters/vscode/followHistory';
import { ModelProvider } from './adapters/vscode/modelProvider';
import { offerToAdopt } from './adapters/vscode/offerToAdopt';
import { offerToSave } from './adapters/vscode/offerToSave';
import { tellNoRecall, tellOutage } from './adapters/vscode/tellOutage';
import { RecallReceipts } from './adapters/vscode/recallReceipts';
import { ReportDocuments } from './adapters/vscode/reportDocuments';
import { RetentionSchedule } from './adapters/vscode/retentionSchedule';
import { onSettingsChange, settingsReader } from './adapters/vscode/settings';
import { openLink, runCommand, showSentContext } from './adapters/vscode/viewLinks';
import { workspaceName, workspacePlace } from './adapters/vscode/workspacePlace';
import { isStored } from './core/memory/memoryStrategy';
import { UnfinishedKeeper } from './core/unfinished';
import type { RecallSource } from './protocol/receipt';
import { chatBuilder } from './composition/chatBuilder';
import { memoryParts } from './composition/memoryParts';
import { inMemory, storedBy } from './composition/chatParts';
import { chosenModels } from './composition/chosenModels';
import { describer } from './composition/describer';
import { embeddingsBuilder } from './composition/embeddingsBuilder';
import { factEntries } from './composition/factEntries';
import { forgetParts } from './composition/forgetParts';
import type * as languagesBundle from './core/recall/languages/tellLanguage';
import { secretMasking } from './composition/secretMasking';
import { actionsFor } from './core/userMessage';

/** The composition root: reads settings, constructs, registers. Heavy parts are loaded when they are first used. */
export function activate(context: vscode.ExtensionContext): void {
  const require = createRequire(__filename);
  const bundle = (name: string): string => path.join(context.extensionPath, 'dist', name);
  const output = vscode.window.createOutputChannel('Throughline', { log: true });
  const warn = (message: string): void => output.warn(message);
  const settings = settingsReader(warn);
  const clock = (): Date => new Date();
  const tokens = new ModelTokens({
    tokenizerPath: bundle('tokenizer.js'),
    path: path.join(context.globalStorageUri.fsPath, 'tokens.json'),
    mayWrite: () => isStored(chat.strategy),
  });
  const { counter } = tokens;
  const keys = new ApiKeys(context.secrets);
  const secrets = secretMasking(bundle('secrets.js'), keys, () => settings().maskSecrets, output);
  const openai = () => require(bundle('openai.js')) as typeof openaiBundle;
  const { endpoint, builtIn, models, inUse } = chosenModels({
    settings,
    keys,
    openai: () => openai().createOpenAIChatModel,
    changed: () => refreshViews(),
  });
  const describe = describer({ settings, endpoint, output });
  const client = new WorkerClient({
    workerPath: bundle('worker.js'),
    databasePath: path.join(context.globalStorageUri.fsPath, 'history.db'),
  });
  const records = new WorkspaceRecords({
    store: context.globalState,
    recordOf: (workspaceId, maxBytes) => client.call('workspace-record', { workspaceId, maxBytes }),
    report: warn,
  });
  const reports = new ReportDocuments();
  const refresh = async (): Promise<void> => (await chat.get()).sessions.refresh();
  const news = createHistoryNews({ reports, refresh, note: warn, failed: describe });
  const reconciling = { client, records, report: warn, found: news.reconciled };
  const identity = {
    client,
    newId: randomUUID,
    recordsWith: (aliases: readonly string[]) => records.withAlias(aliases),
  };
  const owner = randomUUID();
  const agentsFile = new AgentsFile(() => refreshViews());
  const store = secrets.unfinishedStore(context.workspaceState, warn);
  const unfinished = new UnfinishedKeeper({ store, owner });
  const embedding = embeddingsBuilder({
    settings,
    keys,
    endpoint,
    openai: () => openai().createOpenAIEmbeddingModel,
    isStored: () => isStored(chat.strategy),
    mask: (text) => secrets.masking.text(text),
    owner,
    note: warn,
    failed: describe,
  });
  const { embeddings, meaningOf, wordsMissing, embeddingBaseUrl } = embedding;
  const chatOn = chatBuilder({
    settings,
    agentsFile,
    models: inUse,
    builtInId: builtIn.id,
    tokens,
    unfinished,
    masking: secrets.masking,
    clock,
    owner,
    describe,
    recallFailed: (error) => void tellNoRecall(describe(error).message),
  });
  const chat = new CurrentChat(settings().strategy, async (strategy) => {
    // Beside opening the history: requests wait for it, the chat does not.
    void agentsFile.load();
    if (isStored(strategy)) {
      let offer: AdoptionOffer | undefined;
      const workspace = new WorkspaceClient({
        client,
        recognize: news.gathering(async () => {
          const recognized = await recognizeWorkspace(workspacePlace(), identity);
          const { id: workspaceId, changed } = recognized;
          await reconcileHistory(workspaceId, reconciling);
          if (changed) records.save(workspaceId);
          offer = recognized.offer;
          return workspaceId;
        }),
        failed: (error) => void tellOutage(describe(error).message),
        recovered: () => void resume().catch(describe),
      });
      const parts = storedBy(workspace, { secrets: secrets.choice, meaningOf, wordsMissing, records });
      parts.log.onChange(({ own }) => {
        if (own && workspace.id !== undefined) records.save(workspace.id);
      });
      embedding.follow(parts.log, new WorkerVectorStore({ client: workspace, workspaceId: '' }));
      const stored = chatOn(strategy, parts);
      const resume = async (): Promise<void> => {
        await stored.sessions.reopen();
        await unfinished.restore(stored.sessions);
      };
      await stored.sessions.recover();
      if (workspace.id !== undefined) await unfinished.restore(stored.sessions);
      if (offer)
        void offerToAdopt(offer, { client: workspace, workspaceId: '', chat: stored }).catch(describe);
      return stored;
    }
    const { tellLanguage } = require(bundle('languages.js')) as typeof languagesBundle;
    return chatOn(strategy, inMemory({ tellLanguage }, secrets));
  });

  const meter = new ContextMeter({
    settings: () => {
      const { recall, ...now } = settings();
      return { ...now, recall: chat.strategy === 'longTerm' ? recall : undefined };
    },
  });
  const statusBar = new ContextStatusBar({ meter, isWanted: () => settings().statusBar });
  const receipts = new RecallReceipts({ chat, marked: () => refreshContext() });
  const reveal = async ({ sessionId, turnId }: RecallSource): Promise<void> => {
    await actions.switchSession({ sessionId });
    await view.openAt(turnId);
  };
  const view = new ChatViewProvider(context.extensionUri, {
    meter,
    ...{ receipts, revealSource: reveal },
    activeSession: () => chat.activeSession(),
    model: () => models.shown(),
    strategy: () => chat.strategy,
    describe,
    actions: (reason) => [...actionsFor(reason)],
    returned: (sessionId) => unfinished.returned(sessionId),
    dropReturned: (sessionId, turnIds) => unfinished.dropReturned(sessionId, turnIds),
    deleteTurn: (turnId) => dialogs.deleteTurn(turnId),
    undoSummary: undoSummaryDialog,
    showSentContext,
    openLink,
    runCommand,
    rejected: (why) => output.warn(`The view sent something that does not fit: ${why}`),
  });
  const contextPanel = new ContextPanel(context.extensionUri, {
    activeSession: () => chat.activeSession(),
    log: async () => (await chat.get()).log,
    fact: async (factId) => (await chat.get()).memory.fact(factId),
    strategy: () => chat.strategy,
    settings: () => contextChoice(settings()),
    contextWindow: (setting) => inUse.contextWindow(setting).tokens,
    ...{ compaction: () => settings().compaction, counter: () => counter },
    describe,
    ...{ undoSummary: undoSummaryDialog, trim: () => runCommand('throughline.trimMemory') },
    useSettings: (choice) => useContextChoice(choice, contextChoice(settings())),
    copy: async (text) => vscode.env.clipboard.writeText(text),
    reveal: (turnId) => view.openAt(turnId),
    ...{ receipts, revealSource: reveal, sent: (prompt) => view.draftSent(prompt) },
    rejected: (why) => output.warn(`The Context panel sent something that does not fit: ${why}`),
  });
  const refreshContext = (): void => {
    contextPanel.refresh();
    meter.refresh();
  };
  const refreshViews = (): void => {
    for (const part of [view, memory, document]) part.refresh();
    refreshContext();
  };
  chat.onActiveSession((session) => {
    view.setTitle(session.title);
    refreshViews();
    meter.follow(session);
  });

  const modelChanged = new vscode.EventEmitter<void>();
  const settingsChanged = async (): Promise<void> => {
    const switched = await chat.switchTo(settings().strategy);
    modelChanged.fire();
    refreshViews();
    statusBar.refresh();
    if (switched?.before) await offerToSave(switched.before, switched.now);
  };
  const provider = new ModelProvider({
    model: () => models.model(),
    onModelChange: modelChanged.event,
    counter,
    maxTokens: () => settings().maxTokens,
    describe,
  });

  const actions = createActions({
    chat,
    receipts,
    reveal,
    keys,
    endpoint,
    workspaceName,
    policyChoice: () => settings().policy,
    showContextOf: (turnId) => contextPanel.open({ tab: 'past', turnId }),
    version: String((context.extension.packageJSON as { version: unknown }).version),
  });
  const retention = new WorkerRetention({ client, removed: (ids) => records.shortened(ids) });
  const retentionActions = createRetentionActions({ retention, limits: () => settings().retention });
  const doctor = new WorkerHistoryDoctor({ client, records: () => records.all() });
  const historyDoctor = createHistoryDoctor({ doctor, reports, repaired: refresh, masking: secrets.problem });
  followHistory(doctor, { news, reconciling, note: warn });
  const forget = forgetParts(chat, reports);
  const dialogs = createDialogs({
    ...{ actions, chat, workspaceName, embeddingBaseUrl, forgetFlow: forget.flow },
    openChat: () => view.open(),
  });
  const document = new HistoryDocument('throughline-history', (sessionId) =>
    actions.history(sessionId === '' ? {} : { sessionId }),
  );
  const memory = memoryParts({ context, client, chat, actions, forget, reveal, clock, describe, warn });

  context.subscriptions.push(
    output,
    agentsFile,
    meter,
    statusBar,
    embedding,
    receipts,
    modelChanged,
    provider,
    document.register(),
    reports.register(),
    contextPanel.register(),
    memory.register(),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) records.confirm();
    }),
    onSettingsChange(() => void settingsChanged().catch(describe)),
    keys.onChange(() => {
      modelChanged.fire();
      refreshViews();
    }),
    vscode.window.registerWebviewViewProvider(chatViewId, view),
    createChatParticipant({
      activeSession: () => chat.activeSession(),
      receiptOf: (turnId) => receipts.of(turnId),
      newId: randomUUID,
      describe,
    }),
    vscode.lm.registerLanguageModelChatProvider(ownVendor, provider),
    new RetentionSchedule({
      retention,
      limits: () => (isStored(chat.strategy) ? settings().retention : undefined),
      report: (message) => {
        output.info(message);
        news.quietly();
      },
      failed: describe,
    }),
    registerCommands(
      {
        openChat: { dialog: () => view.open() },
        ...sessionCommands(actions, dialogs),
        inspectHistory: { dialog: async () => document.open(await chat.activeSession()) },
        ...contextCommands(actions, dialogs, { panel: contextPanel, draft: () => meter.drafted }),
        applyRetention: {
          scripted: retentionActions.applyRetention,
          dialog: () => retentionDialog(retentionActions, settings().retention),
        },
        historyDoctor: { scripted: historyDoctor.historyDoctor, dialog: () => historyDoctor.dialog() },
        ...memory.commands,
        ...factEntries(chat, reveal),
        ...forget.commands,
        ...embeddingCommands(embeddings),
        connectModel: { dialog: () => connectModel(keys) },
      },
      describe,
    ),
  );
  // VS Code's chat picks a model when it opens, among those that it knows by then, and answers nothing without one.
  void Promise.resolve(vscode.lm.selectChatModels({ vendor: ownVendor })).catch(describe);
  shutDown = async () => {
    const kept = unfinished.close();
    await embeddings.dispose();
    await chat.dispose();
    await kept;
    await Promise.all([records.flush(), tokens.close(), secrets.dispose()]);
    await client.close();
  };
}

let shutDown: () => Promise<void> = () => Promise.resolve();

/** Running turns end as stopped, with what was shown; what is written reaches the disk. */
export function deactivate(): Promise<void> {
  return shutDown();
}
