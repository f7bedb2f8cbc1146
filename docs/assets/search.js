// The search's worker. It stands between the page and the theme's own worker, and fetches that one and the
// index when the first letter is typed, instead of with every page. The types of the theme's messages:
const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3];

let engine = null; // the theme's worker: its file is named behind the ? of this one's address
let ready = false;
let waiting = null; // the last query that came before the engine was ready

async function start(index) {
  engine = new Worker(`javascripts/workers/${location.search.slice(1)}`);
  engine.addEventListener("message", ({ data }) => {
    if (data.type === READY) {
      ready = true;
      if (waiting) engine.postMessage(waiting);
    } else {
      postMessage(data);
    }
  });
  try {
    engine.postMessage({ type: SETUP, data: { options: { suggest: false }, ...(await index) } });
  } catch {
    engine.terminate(); // the index did not arrive: the next letter tries again
    engine = null;
  }
}

async function fetchIndex() {
  const answer = await fetch("../search/search_index.json");
  return answer.json();
}

addEventListener("message", ({ data: message }) => {
  if (ready) {
    engine.postMessage(message);
  } else if (message.type === SETUP) {
    start(message.data);
  } else if (message.data || engine) {
    waiting = message;
    if (!engine) start(fetchIndex());
  } else {
    postMessage({ type: RESULT, data: { items: [] } });
  }
});

postMessage({ type: READY });
