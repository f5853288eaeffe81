// The page of a report: it shows the timeline that it holds.

async function start() {
  const app = new App(readTimeline(await unpack()));
  listen(app);
  app.resize();
  followAddress(app, location.hash);
  document.getElementById('timeline').setAttribute('data-ready', 'true');
}

start();
