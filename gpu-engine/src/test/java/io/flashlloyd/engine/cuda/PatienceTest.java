package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {
  @Test
  void shouldTryLessAndLessOftenWhatIsOfNoUse() {
    Patience patience = new Patience();
    for (int pause : new int[] {0, 1, 2, 4, Patience.LONGEST, Patience.LONGEST}) {
      assertThat(patience.tries()).isTrue();
      patience.learn(false);
      for (int i = 0; i < pause; i++) {
        assertThat(patience.tries()).as("%d of a pause of %d", i, pause).isFalse();
      }
    }
  }

  @Test
  void shouldTryEachTimeOnceItIsOfUse() {
    Patience patience = new Patience();
    patience.learn(false);
    patience.learn(false);
    patience.learn(true);
    for (int i = 0; i < 3; i++) {
      assertThat(patience.tries()).isTrue();
      patience.learn(true);
    }
    patience.learn(false);
    assertThat(patience.tries()).isTrue();
    patience.learn(false);
    assertThat(patience.tries()).isFalse();
    assertThat(patience.tries()).isTrue();
  }
}
