package org.dartscc.trainer.supernet;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.jboss.logging.Logger;

/** The native tensor engine, loaded once per process with settings that must precede it. */
public final class NativeEngine {
    private static final Logger LOG = Logger.getLogger(NativeEngine.class);
    private static final int M_TRIM_THRESHOLD = -1;
    private static final int M_MMAP_THRESHOLD = -3;
    private static final int M_TOP_PAD = -2;
    private static final int ONE_GIB = 1 << 30;
    private static final int TWO_HEAPS = 1 << 27;

    private static NativeEngine loaded;

    private final Engine engine;
    private final Device device;

    private NativeEngine(Engine engine) {
        this.engine = engine;
        this.device = engine.getGpuCount() > 0 ? Device.gpu() : Device.cpu();
    }

    /**
     * Loads the engine, or sets the number of threads of the loaded one. Results are bitwise reproducible for one
     * number of threads only.
     *
     * @param threads that one operation may use, at least 1
     */
    public static synchronized NativeEngine load(int threads) {
        if (loaded == null) {
            prepareProcess();
            // All libraries come as dependencies: a missing one is an error, not a reason to download.
            System.setProperty("ai.djl.offline", "true");
            loaded = new NativeEngine(Engine.getEngine("PyTorch"));
            LOG.infof("%s on %s", loaded.engine, loaded.device);
        }
        JniUtils.setNumThreads(threads);
        return loaded;
    }

    /**
     * Keeps freed tensors in the process' heaps: with glibc's defaults each step maps and unmaps its tensors, which
     * costs more than the arithmetic. Lets threads that wait for each other sleep soon, since spinning on a busy
     * machine stops everything. And keeps the engine's warnings about hardware out of the users' sight.
     */
    private static void prepareProcess() {
        if (!Platform.isLinux()) {
            return;
        }
        try {
            var libc = Native.load("c", LibC.class);
            libc.gnu_get_libc_version();
            libc.mallopt(M_MMAP_THRESHOLD, ONE_GIB);
            libc.mallopt(M_TRIM_THRESHOLD, ONE_GIB);
            libc.mallopt(M_TOP_PAD, TWO_HEAPS);
            libc.setenv("GOMP_SPINCOUNT", "1000", 0);
            libc.setenv("TORCH_CPP_LOG_LEVEL", "ERROR", 0);
        } catch (UnsatisfiedLinkError e) {
            LOG.debugf("not a glibc system, memory settings left alone: %s", e.getMessage());
        }
    }

    /** A manager of tensors on the device, to be closed by its owner. */
    public NDManager newManager() {
        return engine.newBaseManager(device);
    }

    Engine engine() {
        return engine;
    }

    /** Names of the C library's functions. */
    private interface LibC extends Library {
        int mallopt(int parameter, int value);

        String gnu_get_libc_version();

        int setenv(String name, String value, int overwrite);
    }
}
