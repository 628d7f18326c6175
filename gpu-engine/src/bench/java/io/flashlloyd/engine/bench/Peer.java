package io.flashlloyd.engine.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A peer is a program that clusters the rows of a file and prints, for each of its contestants, a
 * line {@code peer NAME SECONDS SECONDS ...}: seconds of an iteration, one for each repeat.
 *
 * @param command to which the file, k, threads and the number of repeats are appended
 */
record Peer(List<String> command) {
  List<Measured> measure(Path file, Shape shape, int threads, int repeats)
      throws IOException, InterruptedException {
    List<String> call = new ArrayList<>(command);
    call.add(file.toString());
    call.add(Integer.toString(shape.k()));
    call.add(Integer.toString(threads));
    call.add(Integer.toString(repeats));
    Process process =
        new ProcessBuilder(call).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<Measured> found = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("peer ")) {
          found.add(parse(line, shape));
        } else {
          System.out.println("  " + line);
        }
      }
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException("Peer " + call + " ended with status " + status + " (expected 0)");
    }
    return found;
  }

  private static Measured parse(String line, Shape shape) {
    String[] words = line.split(" ");
    double[] seconds = new double[words.length - 2];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = Double.parseDouble(words[i + 2]);
    }
    return new Measured(shape.name(), shape.gigaflop(), words[1], seconds, 0);
  }
}
