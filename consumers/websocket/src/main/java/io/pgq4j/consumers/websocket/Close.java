package io.pgq4j.consumers.websocket;

/** Why the server closes a socket. */
enum Close {
  /** It stops; a reader comes again. */
  LEAVING(1001),
  /** What the reader has sent cannot be followed, and never will. */
  REQUEST(4400),
  /** The token is none, or not valid any more. */
  TOKEN(4401),
  /** There is no such queue here. */
  QUEUE(4404),
  /** Events came faster than they were read; a reader comes again, and is told the gap. */
  TOO_SLOW(4408);

  private final int code;

  Close(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
