package io.flashlloyd.spark.report;

import io.flashlloyd.io.StoragePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first question to a file system or database elsewhere, which may take it and never answer:
 * their own clients wait for hours then, and say nothing. A line tells whom a command waits for,
 * and the wait has an end.
 *
 * @param everyMillis from one line to the next
 * @param mostMillis until it is given up
 */
public record Awaited(Progress progress, long everyMillis, long mostMillis) {
  private static final Logger LOG = LoggerFactory.getLogger(Awaited.class);
  private static final long EVERY_MILLIS = 20_000;
  private static final long MOST_MILLIS = 180_000;

  /** With lines to this progress. */
  public static Awaited by(Progress progress) {
    return new Awaited(progress, EVERY_MILLIS, MOST_MILLIS);
  }

  /**
   * Asks each file system of these paths, but local ones, for an answer of any kind.
   *
   * @param uris of which some may be null
   * @throws IOException where one of them does not answer
   */
  public void fileSystems(Configuration hadoop, Collection<String> uris) throws IOException {
    Set<String> asked = new HashSet<>();
    for (String uri : uris.stream().filter(Awaited::isPath).toList()) {
      Path path =
          StoragePath.of(uri).makeQualified(FileSystem.getDefaultUri(hadoop), new Path("/"));
      String host = path.toUri().getAuthority();
      if (host != null && asked.add(path.toUri().getScheme() + "://" + host)) {
        answer(name(path, hadoop), () -> ask(path, hadoop));
      }
    }
  }

  /** Made-up rows are none, and a name with a colon is a local one. */
  private static boolean isPath(String uri) {
    return uri != null && (uri.contains("://") || !uri.contains(":"));
  }

  /** A failure is an answer, which whoever reads there gets again, and says more of. */
  private static Void ask(Path path, Configuration hadoop) {
    try {
      var unused = path.getFileSystem(hadoop).getFileStatus(path);
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} answers {}", path, e.toString());
    }
    return null;
  }

  private static String name(Path path, Configuration hadoop) {
    String place = path.toUri().getScheme() + "://" + path.toUri().getAuthority();
    String endpoint =
        hadoop.get(
            "fs.s3a.bucket.%s.endpoint".formatted(path.toUri().getAuthority()),
            hadoop.getTrimmed("fs.s3a.endpoint", ""));
    return place.startsWith("s3a:") && !endpoint.isEmpty() ? place + " at " + endpoint : place;
  }

  /**
   * Asks, in a thread of its own.
   *
   * @param whom as messages name it
   * @throws IOException where there is no answer, or that of the question
   */
  public <T> T answer(String whom, Callable<T> question) throws IOException {
    FutureTask<T> asked = new FutureTask<>(question);
    Thread thread = new Thread(asked, "flashlloyd-asks");
    thread.setDaemon(true);
    thread.start();
    long begin = System.nanoTime();
    while (true) {
      try {
        return asked.get(everyMillis, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        if (waited >= mostMillis) {
          throw new IOException(
              ("%s has not answered for %d s (expected an answer; is the address right, and what"
                      + " answers there?)")
                  .formatted(whom, waited / 1000),
              e);
        }
        progress.message(
            "waiting for %s: %d s, at most %d".formatted(whom, waited / 1000, mostMillis / 1000));
      } catch (ExecutionException e) {
        throw asTold(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while " + whom + " was asked");
      }
    }
  }

  private static IOException asTold(Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof IOException io ? io : new IOException(failure.getMessage(), failure);
  }
}
