package org.dartscc.orchestrator.database;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import org.hibernate.exception.JDBCConnectionException;

/** The database can't be reached, or can't take more connections; what was asked for may work later. */
public final class DatabaseAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseAwayException(Throwable cause) {
        super("the database is away: " + cause.getMessage(), cause);
    }

    static boolean isCauseOf(Throwable failure) {
        for (var t = failure; t != null; t = t.getCause()) {
            if (t instanceof IOException
                    || t instanceof TimeoutException
                    || t instanceof VertxException
                    || t instanceof NoStackTraceThrowable
                    || t instanceof JDBCConnectionException
                    || t instanceof PgException pg && isAway(pg.getSqlState())) {
                return true;
            }
        }
        return false;
    }

    /** Classes of SQLSTATE: 08 connection, 53 insufficient resources, 57P shutdown, 58 system error. */
    private static boolean isAway(String sqlState) {
        return sqlState != null
                && (sqlState.startsWith("08")
                        || sqlState.startsWith("53")
                        || sqlState.startsWith("57P")
                        || sqlState.startsWith("58"));
    }
}
