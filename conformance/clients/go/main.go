// The module github.com/philippseith/signalr against the conformance application, whose address is HUBWIRE_APPLICATION.
//
// What this client cannot do, it is not asked:
//   - long polling: it has no such transport
//   - MessagePack over Server-Sent Events: that carries text
//   - messages of more than a few kilobytes over Server-Sent Events: it forgets what of an event comes in a second piece
//   - cancelling a stream: only the whole client can be stopped
//   - ending an upload with an error: a channel that is closed is all it knows of ends
//   - uploads to methods that stream themselves: it waits for one result
//   - Close messages in MessagePack: it looks for headers in them, which they do not have
//   - stateful reconnect, tokens of negotiate version 1: it knows neither
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/philippseith/signalr"
)

const patience = 15 * time.Second

var application = os.Getenv("HUBWIRE_APPLICATION")

// way is how a client speaks: a name for people, a format and a transport.
type way struct {
	protocol  string
	format    signalr.TransferFormatType
	transport signalr.TransportType
}

func (w way) dial(base, path string) (signalr.Connection, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return signalr.NewHTTPConnection(ctx, base+path, signalr.WithTransports(w.transport))
}

// connect starts a client that does not reconnect; there is nothing that it can be called by if receiver is nil.
func (w way) connect(path string, receiver any) (hub, error) {
	connection, err := w.dial(application, path)
	if err != nil {
		return hub{}, err
	}
	return w.start(signalr.WithConnection(connection), signalr.WithReceiver(receiver))
}

func (w way) start(options ...func(signalr.Party) error) (hub, error) {
	client, err := signalr.NewClient(context.Background(), append(options,
		signalr.TransferFormat(w.format),
		signalr.MaximumReceiveMessageSize(1<<20),
		signalr.Logger(quiet{}, false))...)
	if err != nil {
		return hub{}, err
	}
	client.Start()
	return hub{client}, nil
}

// quiet is the log of the clients: none.
type quiet struct{}

func (quiet) Log(...any) error { return nil }

// hub compares what comes from the server with its text: numbers and maps have other types in each protocol.
type hub struct{ signalr.Client }

// answers that a call without result gives
const nothing = "<nil>"

func (h hub) answers(expected, method string, arguments ...any) error {
	return answer(expected, h.Invoke(method, arguments...))
}

func (h hub) uploads(expected, method string, arguments ...any) error {
	return answer(expected, h.PushStreams(method, arguments...))
}

func (h hub) fails(expected, method string, arguments ...any) error {
	return failure(expected, h.Invoke(method, arguments...))
}

func (h hub) streams(expected, method string, arguments ...any) error {
	found, err := all(h.PullStream(method, arguments...))
	return errors.Join(err, equal(fmt.Sprint(found), expected))
}

func (h hub) failsToStream(expected, method string, arguments ...any) error {
	return failure(expected, h.PullStream(method, arguments...))
}

func (h hub) text(method string) (string, error) {
	found, err := all(h.Invoke(method))
	return fmt.Sprint(last(found)), err
}

func answer(expected string, results <-chan signalr.InvokeResult) error {
	found, err := all(results)
	return errors.Join(err, equal(fmt.Sprint(last(found)), expected))
}

func failure(expected string, results <-chan signalr.InvokeResult) error {
	found, err := all(results)
	if err == nil {
		return fmt.Errorf("%v instead of an error", found)
	}
	return equal(err.Error(), expected)
}

// all values until the end, which is the first error or that nothing more comes. Beside its value each call gives an error
// of nil, in any order, and a stream that fails may show its error before its last items.
func all(results <-chan signalr.InvokeResult) ([]any, error) {
	values := []any{}
	late := time.After(patience)
	for {
		select {
		case result, more := <-results:
			if !more || result.Error != nil {
				return values, result.Error
			}
			if result.Value != nil {
				values = append(values, result.Value)
			}
		case <-late:
			return values, errors.New("no end came")
		}
	}
}

func last(values []any) any {
	if len(values) == 0 {
		return nil
	}
	return values[len(values)-1]
}

func equal(found, expected string) error {
	if found != expected {
		return fmt.Errorf("%.200q instead of %.200q", found, expected)
	}
	return nil
}

// ears hear what the server calls: each method is one that it calls.
type ears chan string

func (e ears) Touched()                           { e <- "touched" }
func (e ears) Message(text string)                { e <- text }
func (e ears) CustomObject(object customObject)   { e <- fmt.Sprint(object) }
func (e ears) Send(payload string)                { e <- payload }
func (e ears) OnUploadComplete(numbers []float64) { e <- fmt.Sprint(numbers) }
func (e ears) Result() int                        { return 10 }

// hear expects calls, each of the same words.
func (e ears) hear(expected string, times int) error {
	for ; times > 0; times-- {
		heard, err := next(e)
		if err := errors.Join(err, equal(heard, expected)); err != nil {
			return err
		}
	}
	return nil
}

func next(words <-chan string) (string, error) {
	select {
	case word := <-words:
		return word, nil
	case <-time.After(patience):
		return "", errors.New("nothing came")
	}
}

type customObject struct {
	Name  string
	Value int
}

// clumsy has no answer to what the server asks.
type clumsy struct{}

func (clumsy) Result() int { panic("from callback") }

func callsAndHearsResults(w way) error {
	hub, err := w.connect("/hub", nil)
	if err != nil {
		return err
	}
	defer hub.Stop()
	err = errors.Join(
		hub.answers("Pong!", "ping"),
		hub.answers("[German Championship DFB Cup Champions League]", "triumphantTriple", "1. FC Bayern München"),
		hub.answers("[]", "triumphantTriple", "FC Schalke 04"),
		hub.answers("[map[drink:Brunello strength:13.5] map[drink:Beer strength:4.9]"+
			" map[drink:Lagavulin Cask Strength strength:56.2]]", "alcoholicContents"),
		hub.answers("map[Beer:4.9 Brunello:13.5 Lagavulin Cask Strength:56.2]", "alcoholicContentMap"))
	if w.transport == signalr.TransportWebSockets {
		err = errors.Join(err, hub.answers(strings.Repeat("data_", 10_000), "largeCompressableContent"))
	}
	return err
}

func hearsTheEndOfCallsWithoutResult(w way) error {
	hub, err := w.connect("/echo-bench", nil)
	if err != nil {
		return err
	}
	defer hub.Stop()
	return hub.answers(nothing, "Broadcast", 0)
}

func hearsWhatIsSentToIt(w way) error {
	calls := make(ears, 9)
	hub, err := w.connect("/hub", calls)
	if err != nil {
		return err
	}
	defer hub.Stop()
	hub.Send("touch")
	hub.Send("touch")
	return errors.Join(calls.hear("touched", 2), hearsArguments(w))
}

func hearsArguments(w way) error {
	calls := make(ears, 9)
	hub, err := w.connect("/testhub", calls)
	if err != nil {
		return err
	}
	defer hub.Stop()
	return errors.Join(
		hub.answers(nothing, "InvokeWithString", "hi €"),
		calls.hear("hi €", 1),
		hub.answers(nothing, "SendCustomObject", customObject{"Go", 7}),
		calls.hear("{Go 7}", 1))
}

func answersWhatItIsAsked(w way) error {
	return errors.Join(
		isAsked(w, ears(nil), "10"),
		isAsked(w, clumsy{}, "from callback\n"),
		isAsked(w, nil, "Unknown method Result"))
}

func isAsked(w way, receiver any, expected string) error {
	hub, err := w.connect("/testhub", receiver)
	if err != nil {
		return err
	}
	defer hub.Stop()
	id, err := hub.text("GetCallerConnectionId")
	if err != nil {
		return err
	}
	response, err := http.Get(application + "/clientresult/" + id)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	told, err := io.ReadAll(response.Body)
	return errors.Join(err, equal(string(told), expected), hub.answers("still there", "Echo", "still there"))
}

func readsErrors(w way) error {
	hub, err := w.connect("/testhub", nil)
	if err != nil {
		return err
	}
	defer hub.Stop()
	return errors.Join(
		hub.fails("An unexpected error occurred invoking 'ThrowException' on the server."+
			" InvalidOperationException: An error occurred.", "ThrowException", "An error occurred."),
		hub.failsToStream("An unexpected error occurred invoking 'StreamThrowException' on the server."+
			" InvalidOperationException: An error occurred.", "StreamThrowException", "An error occurred."),
		hub.fails("The client attempted to invoke the streaming 'EmptyStream' method with a non-streaming invocation.",
			"EmptyStream"),
		hub.failsToStream("The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation.",
			"Echo", "once"),
		hub.fails("Failed to invoke 'NoSuch' due to an error on the server. HubException: Method does not exist.", "NoSuch"),
		hub.answers("still there", "Echo", "still there"))
}

func hearsBroadcasts(w way) error {
	calls := make(ears, 9)
	one, err := w.connect("/echo-bench", calls)
	if err != nil {
		return err
	}
	defer one.Stop()
	other, err := w.connect("/echo-bench", calls)
	if err != nil {
		return err
	}
	defer other.Stop()
	return errors.Join(
		isThere(one),
		isThere(other),
		one.answers(nothing, "SendPayload", "from Go"),
		calls.hear("from Go", 2))
}

// isThere says that the server has the client, which starts on its own time.
func isThere(hub hub) error {
	return hub.answers(nothing, "Broadcast", 0)
}

func hearsStreams(w way) error {
	return errors.Join(hearsLettersAndNone(w), hearsDates(w), hearsNumbersAndAnError(w))
}

func hearsLettersAndNone(w way) error {
	hub, err := w.connect("/testhub", nil)
	if err != nil {
		return err
	}
	defer hub.Stop()
	return errors.Join(hub.streams("[a b c]", "Stream"), hub.streams("[]", "EmptyStream"))
}

func hearsDates(w way) error {
	hub, err := w.connect("/hub", nil)
	if err != nil {
		return err
	}
	defer hub.Stop()
	dates, err := all(hub.PullStream("FiveDates"))
	different := map[string]bool{}
	for _, date := range dates {
		different[fmt.Sprint(date)] = true
	}
	return errors.Join(err, equal(fmt.Sprint(len(different), len(dates)), "5 5"))
}

func hearsNumbersAndAnError(w way) error {
	hub, err := w.connect("/golden", nil)
	if err != nil {
		return err
	}
	defer hub.Stop()
	return errors.Join(
		hub.streams("[0 1 2 3 4 5 6 7 8 9]", "Count", 10, 0),
		hub.failsToStream("An error occurred on the server while streaming results. HubException: stream failed",
			"CountAndThrow", 2, true),
		hub.streams("[a b c]", "Letters"))
}

func sendsStreams(w way) error {
	return errors.Join(sendsOneStream(w), sendsStreamsBesideOthers(w))
}

func sendsOneStream(w way) error {
	calls := make(ears, 9)
	hub, err := w.connect("/hub", calls)
	if err != nil {
		return err
	}
	defer hub.Stop()
	return errors.Join(
		hub.uploads(nothing, "uploadStream", stream(2, 0, 7)),
		calls.hear("[2 0 7]", 1))
}

func sendsStreamsBesideOthers(w way) error {
	hub, err := w.connect("/golden", nil)
	if err != nil {
		return err
	}
	defer hub.Stop()
	return errors.Join(
		hub.uploads("0", "Sum", stream[int]()),
		hub.uploads("words: one two", "Concat", "words:", stream(" one", " two")),
		hub.uploads("1a2b3c", "Zip", stream(1, 2, 3), stream("a", "b", "c")))
}

func stream[T any](items ...T) <-chan T {
	channel := make(chan T, len(items))
	for _, item := range items {
		channel <- item
	}
	close(channel)
	return channel
}

func reconnects(w way) error {
	network, err := newNetwork()
	if err != nil {
		return err
	}
	defer network.cut()
	calls := make(ears, 9)
	ids := make(chan string, 9)
	hub, err := w.start(
		signalr.WithReceiver(calls),
		signalr.KeepAliveInterval(time.Second), // what is cut over Server-Sent Events this client learns when it sends
		signalr.WithConnector(func() (signalr.Connection, error) {
			connection, err := w.dial(network.address(), "/testhub")
			if err == nil {
				ids <- connection.ConnectionID()
			}
			return connection, err
		}))
	if err != nil {
		return err
	}
	defer hub.Stop()
	if err := isConnected(hub, ids); err != nil {
		return err
	}
	network.cut()
	return errors.Join(
		isConnected(hub, ids),
		hub.answers(nothing, "InvokeWithString", "again"),
		calls.hear("again", 1))
}

// isConnected says that the server knows the client by the next of these ids.
func isConnected(hub hub, ids <-chan string) error {
	id, err := next(ids)
	if err != nil {
		return err
	}
	return hub.answers(id, "GetCallerConnectionId")
}

// network is between clients and the application, and can be cut.
type network struct {
	listener net.Listener
	mutex    sync.Mutex
	sockets  []net.Conn
}

func newNetwork() (*network, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	n := &network{listener: listener}
	go n.serve()
	return n, nil
}

func (n *network) address() string { return "http://" + n.listener.Addr().String() }

func (n *network) serve() {
	for {
		near, err := n.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", strings.TrimPrefix(application, "http://"))
		if err != nil {
			_ = near.Close()
			continue
		}
		n.mutex.Lock()
		n.sockets = append(n.sockets, near, far)
		n.mutex.Unlock()
		go pass(near, far)
		go pass(far, near)
	}
}

func pass(from, to net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
}

// cut ends every socket that is there; new ones may come.
func (n *network) cut() {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	for _, socket := range n.sockets {
		_ = socket.Close()
	}
	n.sockets = nil
}

// judge says how a check went, no later than it must.
func judge(name string, check func() error) {
	over := make(chan error, 1)
	go func() {
		defer func() {
			if reason := recover(); reason != nil {
				over <- fmt.Errorf("%v", reason)
			}
		}()
		over <- check()
	}()
	var err error
	select {
	case err = <-over:
	case <-time.After(3 * patience):
		err = errors.New("took too long")
	}
	verdict := struct {
		Name  string `json:"name"`
		Error string `json:"error"`
	}{Name: name}
	if err != nil {
		verdict.Error = err.Error()
	}
	line, _ := json.Marshal(verdict)
	fmt.Printf("verdict %s\n", line)
}

func main() {
	log.SetOutput(io.Discard) // what the client's WebSockets say
	ways := []way{
		{"JSON", signalr.TransferFormatText, signalr.TransportWebSockets},
		{"JSON", signalr.TransferFormatText, signalr.TransportServerSentEvents},
		{"MessagePack", signalr.TransferFormatBinary, signalr.TransportWebSockets},
	}
	checks := []struct {
		name  string
		check func(way) error
	}{
		{"calls and hears results", callsAndHearsResults},
		{"hears the end of calls without result", hearsTheEndOfCallsWithoutResult},
		{"hears what is sent to it", hearsWhatIsSentToIt},
		{"answers what it is asked", answersWhatItIsAsked},
		{"reads errors", readsErrors},
		{"hears broadcasts", hearsBroadcasts},
		{"hears streams", hearsStreams},
		{"sends streams", sendsStreams},
		{"reconnects", reconnects},
	}
	for _, w := range ways {
		for _, c := range checks {
			name := fmt.Sprintf("philippseith/signalr with %s over %s %s", w.protocol, w.transport, c.name)
			judge(name, func() error { return c.check(w) })
		}
	}
	os.Exit(0) // whatever a client that was refused has left running
}
