package io.flashlloyd.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.StorageProblem;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.spark.fit.LloydState;
import io.flashlloyd.spark.report.IterationReport;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * One checkpoint: {@code centroids.npy}, {@code previous.npy}, {@code state.json}, and last of all
 * {@code manifest.json} with the SHA-256 of each. A folder whose manifest is missing or torn is no
 * checkpoint, on file systems and object stores alike: its run was killed. Where files do not fit
 * their manifest they are damaged, and that is for people to decide about.
 */
record CheckpointFiles(Path folder, FileSystem files, Configuration hadoop) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final String CENTROIDS = "centroids.npy";
  private static final String PREVIOUS = "previous.npy";
  private static final String STATE = "state.json";
  private static final String MANIFEST = "manifest.json";

  /** {@code state.json}. */
  private record Written(
      Map<String, String> identity, boolean converged, List<IterationReport> iterations) {}

  void write(LloydState state, RunIdentity identity) throws IOException {
    files.mkdirs(folder);
    Map<String, String> hashes = new LinkedHashMap<>();
    write(CENTROIDS, state.current(), hashes);
    if (state.previous() != null) {
      write(PREVIOUS, state.previous(), hashes);
    }
    json(STATE, new Written(identity.fields(), state.converged(), state.iterations()));
    hashes.put(STATE, hash(STATE));
    json(MANIFEST, hashes);
  }

  private void write(String name, Centroids centroids, Map<String, String> hashes)
      throws IOException {
    CentroidFiles.write(
        VectorFormat.NPY,
        new Path(folder, name).toString(),
        centroids.values(),
        centroids.k(),
        centroids.dimension(),
        hadoop);
    hashes.put(name, hash(name));
  }

  private void json(String name, Object value) throws IOException {
    try (OutputStream out = files.create(new Path(folder, name), true)) {
      out.write(JSON.writeValueAsBytes(value));
    }
  }

  private String hash(String name) throws IOException {
    try (InputStream in = files.open(new Path(folder, name))) {
      return Digest.of(in);
    }
  }

  /**
   * Whether it is whole: a run that was killed while it wrote leaves one that is not.
   *
   * @throws IllegalArgumentException where it was whole once, and a file of it has gone or changed
   */
  boolean whole() throws IOException {
    Map<String, String> hashes;
    try {
      hashes = read(MANIFEST, new TypeReference<>() {});
    } catch (ChecksumException | JsonProcessingException e) {
      return false;
    } catch (IOException e) {
      requireReadable(new Path(folder, MANIFEST), e);
      return false;
    }
    if (hashes == null || !hashes.keySet().containsAll(List.of(CENTROIDS, STATE))) {
      // A torn manifest is no JSON: this one was written so, or is damaged.
      throw new IllegalArgumentException(
          "Checkpoint %s is damaged: %s lists %s (expected %s and %s at least; bring the file back,"
                  .formatted(
                      folder,
                      MANIFEST,
                      hashes == null ? "nothing" : hashes.keySet(),
                      CENTROIDS,
                      STATE)
              + " or remove the folder to start again)");
    }
    for (Map.Entry<String, String> file : hashes.entrySet()) {
      String found = hashOrComplaint(file.getKey());
      if (!found.equals(file.getValue())) {
        throw new IllegalArgumentException(
            ("Checkpoint %s is damaged: %s has SHA-256 %s (expected %s, as %s says; bring the file"
                    + " back, or remove the folder to start again)")
                .formatted(folder, file.getKey(), found, file.getValue(), MANIFEST));
      }
    }
    return true;
  }

  private String hashOrComplaint(String name) throws IOException {
    try {
      return hash(name);
    } catch (ChecksumException e) {
      return "none, it cannot be read (" + e.getMessage() + ")";
    } catch (IOException e) {
      requireReadable(new Path(folder, name), e);
      return "none, it is missing";
    }
  }

  /**
   * Tells what is not there from what may not be read, which Hadoop's local file system does not.
   *
   * @param failure of an attempt to read it
   * @throws IllegalArgumentException where this user may not
   * @throws IOException where it is there and cannot be read
   */
  static void requireReadable(Path path, IOException failure) throws IOException {
    IOException reason = failure;
    if (failure instanceof FileNotFoundException && "file".equals(path.toUri().getScheme())) {
      try {
        Files.newByteChannel(java.nio.file.Path.of(path.toUri().getPath())).close();
      } catch (NoSuchFileException e) {
        return;
      } catch (IOException e) {
        reason = e;
      }
    }
    if (StorageProblem.isDenied(reason)) {
      throw new IllegalArgumentException(
          "Checkpoint %s may not be read (%s); give this user read access, or another --checkpoint"
              .formatted(path, reason.getMessage()),
          reason);
    }
    if (!(reason instanceof FileNotFoundException)) {
      throw reason;
    }
  }

  /** Removes it, the manifest first: a removal that is cut off leaves no checkpoint. */
  void remove() throws IOException {
    files.delete(new Path(folder, MANIFEST), false);
    files.delete(folder, true);
  }

  /**
   * The state that was written; {@link #whole} must hold.
   *
   * @throws IllegalArgumentException where it is another run's
   */
  LloydState read(RunIdentity identity) throws IOException {
    Written written = state();
    identity.requireSame(written.identity(), folder.toString());
    boolean first = written.iterations().isEmpty();
    return new LloydState(
        centroids(CENTROIDS),
        first ? null : centroids(PREVIOUS),
        written.iterations(),
        written.converged());
  }

  private Written state() throws IOException {
    try {
      Written written = read(STATE, new TypeReference<>() {});
      if (written == null
          || written.identity() == null
          || written.iterations() == null
          || written.iterations().contains(null)) {
        throw damagedState("it lacks the run's identity or iterations", null);
      }
      return written;
    } catch (JsonProcessingException e) {
      throw damagedState(e.getOriginalMessage(), e);
    }
  }

  private IllegalArgumentException damagedState(String reason, Exception cause) {
    return new IllegalArgumentException(
        "Checkpoint %s is damaged: %s is no state (%s; remove the folder to start again)"
            .formatted(folder, STATE, reason),
        cause);
  }

  private <T> T read(String name, TypeReference<T> type) throws IOException {
    try (InputStream in = files.open(new Path(folder, name))) {
      // As text: of damaged bytes Jackson would make out other encodings.
      return JSON.readValue(new String(in.readAllBytes(), StandardCharsets.UTF_8), type);
    }
  }

  private Centroids centroids(String name) throws IOException {
    CentroidMatrix matrix = CentroidFiles.read(new Path(folder, name).toString(), hadoop);
    return new Centroids(matrix.values(), matrix.k(), matrix.dimension());
  }
}
