import type { LabelTable } from "./label";

const on = (meaning: string) => ({ kind: "boolean" as const, fallback: "false", meaning });
const version = (meaning: string) => ({ kind: "text" as const, meaning });

/**
 * Labels of CERN's own Magnum, which upstream's does not know and would ignore silently.
 * Source: CERN's Kubernetes documentation, https://kubernetes.docs.cern.ch
 */
export const CERN_LABELS: LabelTable = {
  cephfs_csi_enabled: on("CephFS volumes"),
  cephfs_csi_version: version("version of CephFS's CSI driver"),
  cern_chart_enabled: on("CERN's chart of everything below"),
  cern_chart_version: version("version of CERN's chart"),
  cern_enabled: on("CERN's certificates and accounts on the nodes"),
  cvmfs_csi_enabled: on("CVMFS by its CSI driver"),
  cvmfs_csi_version: version("version of CVMFS's CSI driver"),
  cvmfs_enabled: on("CVMFS on the nodes"),
  cvmfs_tag: version("version of CVMFS's image"),
  eos_enabled: on("EOS on the nodes"),
  logging_include_internal: on("also the logs of the cluster's own pods"),
  logging_producer: version("producer in CERN's monitoring"),
  logging_type: version("type of log in CERN's monitoring"),
  manila_enabled: on("Manila shares"),
  manila_version: version("version of Manila's provisioner"),
  nvidia_gpu_enabled: on("drivers of NVIDIA's GPUs"),
  nvidia_gpu_tag: version("version of NVIDIA's drivers"),
  oidc_client_id: version("OpenID Connect client"),
  oidc_enabled: on("login by OpenID Connect"),
  oidc_issuer_url: { kind: "url", meaning: "OpenID Connect issuer" },
};
