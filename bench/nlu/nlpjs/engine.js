// NLP.js as its README says: one manager, two languages, an example at a time, train, save. Run beside its node_modules.
//   node engine.js train examples.json model.nlp out.json
//   node engine.js answer asked.json model.nlp out.json
const fs = require('fs');
const { NlpManager } = require('node-nlp');

const [job, source, model, out] = process.argv.slice(2);
const read = (path) => JSON.parse(fs.readFileSync(path, 'utf8'));
const made = () =>
  new NlpManager({ languages: ['vi', 'en'], forceNER: true, autoSave: false, nlu: { log: false } });

async function train() {
  const manager = made();
  for (const { text, intent, lang } of read(source)) manager.addDocument(lang, text, intent);
  const started = process.hrtime.bigint();
  await manager.train();
  manager.save(model);
  return { train_s: Number(process.hrtime.bigint() - started) / 1e9 };
}

async function answer() {
  const manager = made();
  manager.load(model);
  const answers = {};
  const ms = [];
  for (const [name, messages] of Object.entries(read(source))) {
    answers[name] = [];
    for (const message of messages) {
      const started = process.hrtime.bigint();
      const understood = await manager.process(message); // it guesses which of the languages this is
      ms.push(Number(process.hrtime.bigint() - started) / 1e6);
      const known = understood.intent && understood.intent !== 'None';
      answers[name].push([known ? understood.intent : 'out_of_scope', understood.score || 0]);
    }
  }
  return { answers, ms, rss_mb: process.resourceUsage().maxRSS / 1024 };
}

({ train, answer })[job]().then((done) => fs.writeFileSync(out, JSON.stringify(done)));
