package org.dartscc.trainer.supernet;

import ai.djl.pytorch.jni.JniUtils;

/** Until it is closed, this thread records nothing for gradients; the engine otherwise does, outside collectors too. */
public final class WithoutGradients implements AutoCloseable {
    private final boolean before = JniUtils.isGradMode();

    public WithoutGradients() {
        JniUtils.setGradMode(false);
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}
