package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"helm.sh/helm/v3/pkg/kube"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
)

// lookAgain is the time between two looks at an object.
const lookAgain = 300 * time.Millisecond

// awaitReady waits as Helm does: for workloads until they are available, for definitions until they are served. Jobs
// need not have ended, nor claims be bound: these may wait for a pod that comes later.
func (p *provider) awaitReady(ctx context.Context, object target, live *unstructured.Unstructured) error {
	if object.kind.Kind == "PersistentVolumeClaim" {
		return nil
	}
	body, err := json.Marshal(live.Object)
	if err != nil {
		return err
	}
	infos, err := kube.New(p.cluster).Build(bytes.NewReader(body), false)
	if err != nil {
		return err
	}
	checker := kube.NewReadyChecker(p.cluster.kube, func(string, ...any) {}, kube.PausedAsReady(true))
	var last error
	err = wait.PollUntilContextCancel(ctx, lookAgain, true, func(ctx context.Context) (bool, error) {
		var ready bool
		ready, last = checker.IsReady(ctx, infos[0])
		if errors.IsNotFound(last) {
			return false, fmt.Errorf("it was deleted while it was waited for")
		}
		return ready, nil
	})
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("%s %s is not ready: %s", object.kind.Kind, object.name, object.conditions(last))
	}
	return err
}

// conditions is what the object says of itself.
func (t target) conditions(last error) string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	live, err := t.Get(ctx, t.name, metav1.GetOptions{})
	if err != nil {
		return err.Error()
	}
	var said []string
	if last != nil && !errors.IsTimeout(last) && !wait.Interrupted(last) {
		said = append(said, last.Error())
	}
	conditions, _, _ := unstructured.NestedSlice(live.Object, "status", "conditions")
	for _, one := range conditions {
		if condition, ok := one.(map[string]any); ok {
			said = append(said, fmt.Sprintf("%v=%v %v", condition["type"], condition["status"], condition["message"]))
		}
	}
	if finalizers := live.GetFinalizers(); len(finalizers) > 0 {
		said = append(said, fmt.Sprintf("finalizers %v", finalizers))
	}
	if len(said) == 0 {
		return "it says nothing of itself"
	}
	return strings.Join(said, "; ")
}

// awaitGone waits until the object is no more, or another of its name has taken its place.
func (t target) awaitGone(ctx context.Context, uid string) error {
	err := wait.PollUntilContextCancel(ctx, lookAgain, true, func(ctx context.Context) (bool, error) {
		live, err := t.Get(ctx, t.name, metav1.GetOptions{})
		if errors.IsNotFound(err) {
			return true, nil
		}
		return err == nil && uid != "" && string(live.GetUID()) != uid, nil
	})
	if err != nil {
		return fmt.Errorf("%s %s is not gone: %s", t.kind.Kind, t.name, t.conditions(nil))
	}
	return nil
}
