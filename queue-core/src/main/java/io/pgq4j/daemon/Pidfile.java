package io.pgq4j.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says which process a daemon is. The file holds the process id and is locked while the process
 * lives; so one that a crash left behind names nobody, and a process id that was given to somebody
 * else meanwhile is never signalled.
 */
final class Pidfile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private Pidfile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the file for this process.
   *
   * @return empty: another process has it
   */
  static Optional<Pidfile> take(Path file) throws IOException {
    while (true) {
      FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE);
      @Nullable Object opened = key(file);
      if (channel.tryLock() == null) {
        channel.close();
        return Optional.empty();
      }
      // Who ended meanwhile has deleted the file that is locked now: then there is another, or
      // none.
      if (opened != null && opened.equals(key(file))) {
        channel.truncate(0);
        channel.write(UTF_8.encode(ProcessHandle.current().pid() + "\n"));
        return Optional.of(new Pidfile(file, channel));
      }
      channel.close();
    }
  }

  /** The process that has the file; not to be asked by that process itself. */
  static Optional<ProcessHandle> holder(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      @Nullable FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.empty();
      }
      ByteBuffer text = ByteBuffer.allocate(32);
      channel.read(text);
      String pid = UTF_8.decode(text.flip()).toString().strip();
      // Empty: it is about to write it.
      return pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (NumberFormatException e) {
      throw new IOException(file + " is in use, and holds no process id", e);
    }
  }

  private static @Nullable Object key(Path file) throws IOException {
    try {
      return Objects.requireNonNull(
          Files.readAttributes(file, BasicFileAttributes.class).fileKey(), "fileKey");
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Deletes the file, then gives the lock back. */
  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
    }
  }
}
