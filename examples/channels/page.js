import { connect } from '/client/roomplex.js';

const client = connect('/multiplex');

const red = client.channel('red');
red.on('message', (text) => {
  const line = document.createElement('li');
  line.textContent = text;
  document.querySelector('ul').append(line);
});
document.querySelector('form').onsubmit = (event) => {
  event.preventDefault();
  red.send(event.target.text.value);
  event.target.reset();
};

const latency = client.channel('echo-time');
const ask = () => latency.send(String(performance.now()));
latency.on('open', ask);
latency.on('message', (sent) => {
  document.querySelector('#latency').value = `${(performance.now() - Number(sent)).toFixed(1)} ms`;
  setTimeout(ask, 500);
});
