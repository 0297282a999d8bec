// Preloaded into a server that would listen on every interface: it listens on 127.0.0.1 instead,
// and says where once it does.
const { Server } = require('node:net')

const listen = Server.prototype.listen

Server.prototype.listen = function (port, ...others) {
  const callback = others.find((argument) => typeof argument === 'function')
  this.once('listening', () => {
    console.log(`listening on http://127.0.0.1:${this.address().port}/mcp`)
  })
  return listen.call(this, { host: '127.0.0.1', port: Number(port) }, callback)
}
