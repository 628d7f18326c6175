package io.flashlloyd.io;

import java.io.FileNotFoundException;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.util.Optional;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/** What some failures of Hadoop's file systems mean, whose own words do not help. */
public final class StorageProblem {
  private static final int MOST_CAUSES = 20;

  private StorageProblem() {}

  /** In words for the user; empty where the failure's own message will do. */
  public static Optional<String> of(Throwable failure) {
    Throwable cause = failure;
    String subject = "S3";
    for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++, cause = cause.getCause()) {
      if (cause instanceof AccessDeniedException denied && denied.getFile() != null) {
        subject = denied.getFile();
      }
      Optional<String> meaning = one(cause, subject);
      if (meaning.isPresent()) {
        return meaning;
      }
    }
    return Optional.empty();
  }

  /** Whether this, not what caused it, says that the user may not read something. */
  public static boolean isDenied(Throwable failure) {
    return failure instanceof AccessControlException
        || failure instanceof AccessDeniedException
        || (failure instanceof FileNotFoundException // of a local disk
            && String.valueOf(failure.getMessage()).contains("Permission denied"));
  }

  private static Optional<String> one(Throwable cause, String subject) {
    if (cause instanceof URISyntaxException bad) {
      return Optional.of(
          ("'%s' is not a path (%s); expected a file, folder or glob, with ./ before a name that"
                  + " has a colon: what is before it is taken for a scheme")
              .formatted(bad.getInput(), bad.getReason()));
    }
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof UnsupportedFileSystemException && message.matches(".*scheme \"s3n?\".*")) {
      return Optional.of(
          "s3:// is no file system of Hadoop's (%s); write s3a://BUCKET/KEY".formatted(message));
    }
    if (cause instanceof ClassNotFoundException && message.contains("FileSystem")) {
      return Optional.of(
          ("Hadoop's module for this scheme is missing (%s); give it to Spark: for s3a, by --spark"
                  + " --packages org.apache.hadoop:hadoop-aws:VERSION -- with the version of"
                  + " Spark's Hadoop")
              .formatted(message));
    }
    // Hadoop's S3 module, whose class this is, may be there at run time only.
    return cause.getClass().getSimpleName().matches("NoAuthWithAWSException|NoAwsCredentials.*")
        ? Optional.of(
            ("%s: no credentials for S3 are found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
                    + " or spark.hadoop.fs.s3a.access.key and spark.hadoop.fs.s3a.secret.key, or a"
                    + " provider in spark.hadoop.fs.s3a.aws.credentials.provider")
                .formatted(subject))
        : Optional.empty();
  }
}
