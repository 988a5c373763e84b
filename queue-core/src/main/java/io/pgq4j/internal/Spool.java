package io.pgq4j.internal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A queue of values of which a bounded part is in memory and the rest in a temporary file: they are
 * polled in the order in which they were added.
 *
 * <p>The file is readable by its owner only. Where the system allows it, it is unlinked while it is
 * open, so that not even a killed process leaves it behind. Plain streams are used and no channel,
 * because an interrupt would close a channel under the reader.
 *
 * <p>Not thread-safe.
 */
public final class Spool<T> implements AutoCloseable {
  private static final int FILE_BUFFER = 1 << 16;

  /** How a value is written to the file. */
  public interface Codec<T> {
    /** About how many bytes the value takes in memory. */
    long weight(T value);

    void write(T value, DataOutput out) throws IOException;

    T read(DataInput in) throws IOException;
  }

  private final Codec<T> codec;
  private final long memoryLimit;
  private final ArrayDeque<T> memory = new ArrayDeque<>();
  private long inMemory;
  private long inFile;
  private @Nullable Path path;
  private @Nullable FileOutputStream file;
  private @Nullable DataOutputStream out;
  private @Nullable DataInputStream in;

  /**
   * @param memoryLimit in bytes, as the codec weighs; 0: everything goes to the file
   */
  public Spool(Codec<T> codec, long memoryLimit) {
    this.codec = codec;
    this.memoryLimit = memoryLimit;
  }

  /** How many values are left. */
  public long size() {
    return memory.size() + inFile;
  }

  /** Whether a file was needed. */
  public boolean isSpooled() {
    return out != null;
  }

  /** Appends a value. */
  public void add(T value) throws IOException {
    long weight = codec.weight(value);
    if (out == null && inMemory + weight <= memoryLimit) {
      memory.add(value);
      inMemory += weight;
      return;
    }
    codec.write(value, out == null ? open() : out);
    inFile++;
  }

  /** Appends values. */
  public void addAll(Iterable<? extends T> values) throws IOException {
    for (T value : values) {
      add(value);
    }
  }

  /** Removes the first value; null if there is none left. */
  public @Nullable T poll() throws IOException {
    if (!memory.isEmpty()) {
      return memory.poll();
    }
    if (inFile == 0 || in == null || out == null) {
      return null;
    }
    out.flush();
    inFile--;
    return codec.read(in);
  }

  private DataOutputStream open() throws IOException {
    path = Files.createTempFile("pgq4j-", ".spool");
    file = new FileOutputStream(path.toFile());
    DataOutputStream opened = new DataOutputStream(new BufferedOutputStream(file, FILE_BUFFER));
    in =
        new DataInputStream(
            new BufferedInputStream(new FileInputStream(path.toFile()), FILE_BUFFER));
    // Windows keeps an open file; close() deletes it then. Elsewhere this just unlinks.
    if (path.toFile().delete()) {
      path = null;
    }
    out = opened;
    return opened;
  }

  /** Forgets all values and deletes the file. */
  @Override
  public void close() throws IOException {
    memory.clear();
    inFile = 0;
    try {
      if (in != null) {
        in.close();
      }
      // The stream under the buffer: closing the buffer would flush, which fails on a full disk.
      if (file != null) {
        file.close();
      }
    } finally {
      in = null;
      out = null;
      file = null;
      if (path != null) {
        Files.deleteIfExists(path);
        path = null;
      }
    }
  }

  /** Writes a text, its length in bytes first; -1: null. */
  public static void writeText(@Nullable String text, DataOutput out) throws IOException {
    if (text == null) {
      out.writeInt(-1);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Reads what {@link #writeText} wrote. */
  public static @Nullable String readText(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
