import { connect } from '/client/roomplex.js';

const room = connect('/multiplex').room('kitchen', { name: prompt('Your name?') || 'guest' });
room.on('message', ({ sender, data }) => {
  document.querySelector('ul').append(document.createElement('li'));
  document.querySelector('li:last-child').textContent = `${sender}: ${data}`;
});
document.querySelector('form').onsubmit = async (event) => {
  event.preventDefault();
  const text = event.target.text.value;
  event.target.reset();
  await room.publish(text);
};
await room.join();
