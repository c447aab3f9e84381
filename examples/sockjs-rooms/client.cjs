// The client of sockjs-rooms' own documentation, but for the package's name:
// node examples/sockjs-rooms/client.cjs
var multichannelClient = require('roomplex/sockjs-rooms').client;
//create sockjs-room client with server address
var multiClient = new multichannelClient(process.argv[2] || "http://localhost:9999/multiplex");

//register client on channel latency
var latency = multiClient.channel("latency");
//listening message event for channel latency
latency.on("message",function(message){
  var startDate = +new Date();
  var backMessage = JSON.parse(message.data);
  if(backMessage){
    var endDate = +new Date();
    var diff = endDate - startDate;
    console.log("latency is ",diff,'ms');
  }
});

setInterval(function(){
  var start = +new Date();
  var message = { startTime : start }
  //sent message for client latency
  latency.send(JSON.stringify(message));
},500);

//register other channel on this client
var red = multiClient.channel("red");
red.on('open',function(){});
red.on('close',function(){});
red.on('message',function(message){
  console.log('data from channel red ',message)
});
