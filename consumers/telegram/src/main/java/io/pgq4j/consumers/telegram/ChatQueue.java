package io.pgq4j.consumers.telegram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What waits for one chat, in order, and how it is packed into messages. */
final class ChatQueue {
  /** One request. */
  record Message(String text, boolean plain, List<Parcel> parcels) {}

  private static final String SEPARATOR = "\n\n";

  final long chatId;

  /** A request is under way; one at a time keeps the order. */
  boolean busy;

  private final Deque<Parcel> waiting = new ArrayDeque<>();
  private final int digestFrom;
  private boolean digest;

  ChatQueue(long chatId, int digestFrom) {
    this.chatId = chatId;
    this.digestFrom = digestFrom;
  }

  void add(Parcel parcel) {
    waiting.addLast(parcel);
    // Stays on while the storm is being worked off, so that its tail is packed too.
    digest |= waiting.size() >= digestFrom;
  }

  void putBack(List<Parcel> parcels) {
    for (int i = parcels.size() - 1; i >= 0; i--) {
      waiting.addFirst(parcels.get(i));
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes all that waits. */
  List<Parcel> drain() {
    List<Parcel> all = new ArrayList<>(waiting);
    waiting.clear();
    return all;
  }

  /** Takes the next message: one part of a text, or as many whole texts as fit, in a storm. */
  Message next() {
    Parcel first = waiting.removeFirst();
    List<Parcel> taken = new ArrayList<>(List.of(first));
    StringBuilder text = new StringBuilder(first.parts.get(first.sentParts));
    if (digest && first.joinable()) {
      while (!waiting.isEmpty() && fits(text, waiting.getFirst())) {
        Parcel joined = waiting.removeFirst();
        text.append(SEPARATOR).append(joined.parts.get(0));
        taken.add(joined);
      }
    }
    return new Message(text.toString(), first.plain, List.copyOf(taken));
  }

  private static boolean fits(StringBuilder text, Parcel parcel) {
    return parcel.joinable()
        && text.length() + SEPARATOR.length() + parcel.parts.get(0).length()
            <= TextSplitter.MESSAGE_LIMIT;
  }
}
