package io.hubwire.server.netty;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The engine that tests run on. Where a machine lacks it they count as skipped, with {@code -Dhubwire.engines=all} as
 * failed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(On.Available.class)
@interface On {

    /** The engine. */
    Engine value();

    /** Asks the machine. */
    final class Available implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), On.class)
                    .map(On::value)
                    .filter(engine -> !engine.isAvailable())
                    .filter(engine -> !System.getProperty("hubwire.engines", "").equals("all"))
                    .map(engine -> ConditionEvaluationResult.disabled(engine + " is not available here"))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("nothing is missing"));
        }
    }
}
