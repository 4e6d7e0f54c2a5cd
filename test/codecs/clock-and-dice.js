// A codec that looks at the clock, throws dice and remembers; none of it may show from call to call.
var calls = 0;

function decodeUplink(input) {
  calls = calls + 1;
  return {
    data: {
      calls: calls,
      now: Date.now(),
      received: input.recvTime instanceof Date ? input.recvTime.toISOString() : null,
      year: new Date(2020, 5, 1).getTime(),
      offset: new Date().getTimezoneOffset(),
      dice: [Math.random(), Math.random()],
    },
  };
}
