package io.flashlloyd.engine.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;

/**
 * JCuda's native library, loaded from a folder that nobody else can write. JCuda by itself unpacks
 * it to a fixed name in the common temporary folder, and loads what it finds there: another user's
 * file would run as us, and half a file, of a process that was killed, would end every later one.
 */
final class JcudaLibrary {
  private static final String TEMPORARY = "java.io.tmpdir";

  private JcudaLibrary() {}

  /**
   * Loads the library once in this process. JCuda takes the folder from a system property, which is
   * another one for as long as JCuda loads, a few milliseconds.
   *
   * @throws IOException where the folder cannot be made
   * @throws UnsatisfiedLinkError where the library, or one that it needs, does not load
   */
  static void load() throws IOException {
    // The JDK remembers the common folder at the first temporary file of each kind: here, before
    // the property changes, so that no other thread's first one comes to lie in our folder.
    Files.delete(File.createTempFile("flashlloyd-", ".first").toPath());
    Path folder = Files.createTempDirectory("flashlloyd-jcuda-"); // of mode 0700
    String common = System.getProperty(TEMPORARY);
    try {
      System.setProperty(TEMPORARY, folder.toString());
      JCudaDriver.setExceptionsEnabled(false);
    } finally {
      System.setProperty(TEMPORARY, common);
      delete(folder); // what is loaded stays mapped
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
