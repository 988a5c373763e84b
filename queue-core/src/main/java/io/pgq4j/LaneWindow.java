package io.pgq4j;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events that were read and are not settled, bounded in number and in bytes. Those of one key
 * are a chain, of which only the first is given out; the map has the last one of each chain, where
 * the next is appended. Not thread-safe: {@link Lanes} has the lock.
 */
final class LaneWindow {
  private final int maxTasks;
  private final long maxWeight;
  private final Map<String, LaneTask> ends = new HashMap<>();
  private final Deque<LaneTask> ready = new ArrayDeque<>();
  private int tasks;
  private long weight;

  LaneWindow(int maxTasks, long maxWeight) {
    this.maxTasks = maxTasks;
    this.maxWeight = maxWeight;
  }

  int size() {
    return tasks;
  }

  /** One always has room when there is no other. */
  boolean hasRoomFor(LaneTask task) {
    return tasks == 0 || (tasks < maxTasks && weight + task.weight <= maxWeight);
  }

  /** Whether an event of that key is in it. */
  boolean contains(String key) {
    return ends.containsKey(key);
  }

  /** Takes it in, behind those of its key. */
  void add(LaneTask task) {
    tasks++;
    weight += task.weight;
    LaneTask end = task.key == null ? null : ends.put(task.key, task);
    if (end == null) {
      ready.add(task);
    } else {
      end.behind = task;
    }
  }

  /** Whether one may be given out. */
  boolean hasReady() {
    return !ready.isEmpty();
  }

  /** Gives one out. */
  LaneTask takeReady() {
    return ready.remove();
  }

  /** Gives out no more of those that are in it. */
  void close() {
    ready.clear();
  }

  /** A task that was given out is settled; the next one of its key waits for what becomes of it. */
  void leave(LaneTask task) {
    tasks--;
    weight -= task.weight;
  }

  /** The next one of its key is ready. */
  void release(LaneTask settled) {
    if (settled.behind != null) {
      ready.add(settled.behind);
    } else if (settled.key != null) {
      ends.remove(settled.key);
    }
  }

  /** Takes out all that are behind it, and returns them in their order. */
  List<LaneTask> removeBehind(LaneTask settled) {
    ends.remove(settled.key);
    List<LaneTask> chain = new ArrayList<>();
    for (LaneTask task = settled.behind; task != null; task = task.behind) {
      leave(task);
      chain.add(task);
    }
    return chain;
  }

  void clear() {
    ready.clear();
    ends.clear();
    tasks = 0;
    weight = 0;
  }
}
