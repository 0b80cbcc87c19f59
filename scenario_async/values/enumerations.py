"""Sets of documented values that several classes use.

Response fields also accept other strings (`ModelStatus | str`), so that a value that the service adds later
is not an error.
"""

from __future__ import annotations

from typing import Literal

# Several values per line, because long enumerations would need more lines than the code that uses them.
# fmt: off
ModelType = Literal[
    "custom", "elevenlabs-voice", "flux.1", "flux.1-composition", "flux.1-kontext-dev", "flux.1-kontext-lora",
    "flux.1-krea-dev", "flux.1-krea-lora", "flux.1-lora", "flux.1-pro", "flux.1.1-pro-ultra",
    "flux.2-dev-edit-lora", "flux.2-dev-lora", "flux.2-klein-4b-edit-lora", "flux.2-klein-4b-lora",
    "flux.2-klein-9b-edit-lora", "flux.2-klein-9b-lora", "flux.2-klein-base-4b-edit-lora",
    "flux.2-klein-base-4b-lora", "flux.2-klein-base-9b-edit-lora", "flux.2-klein-base-9b-lora", "flux1.1-pro",
    "gpt-image-1", "qwen-image-2512-lora", "qwen-image-edit-2509-lora", "qwen-image-edit-2511-lora",
    "qwen-image-edit-lora", "qwen-image-lora", "zimage-de-turbo-lora", "zimage-lora", "zimage-turbo-lora",
]
"""The types of models."""

AssetKind = Literal["3d", "audio", "document", "image", "image-hdr", "json", "text", "video"]
"""The kinds of files of assets."""

Privacy = Literal["private", "public", "unlisted"]
"""Who can see an object."""

AssetSource = Literal[
    "3d23d", "3d23d:texture", "3d:texture", "3d:texture:albedo", "3d:texture:metallic", "3d:texture:mtl",
    "3d:texture:normal", "3d:texture:roughness", "audio2audio", "audio2txt", "audio2video",
    "background-removal", "canvas", "canvas-drawing", "canvas-export", "detection", "generative-fill",
    "image-prompt-editing", "img23d", "img2img", "img2splat", "img2txt", "img2video", "inference-control-net",
    "inference-control-net-img", "inference-control-net-inpainting",
    "inference-control-net-inpainting-ip-adapter", "inference-control-net-ip-adapter",
    "inference-control-net-reference", "inference-control-net-texture", "inference-img",
    "inference-img-ip-adapter", "inference-img-texture", "inference-in-paint",
    "inference-in-paint-ip-adapter", "inference-reference", "inference-reference-texture", "inference-txt",
    "inference-txt-ip-adapter", "inference-txt-texture", "patch", "pixelization", "reframe", "restyle",
    "segment", "segmentation-image", "segmentation-mask", "skybox-3d", "skybox-base-360", "skybox-hdri",
    "texture", "texture:albedo", "texture:ao", "texture:edge", "texture:height", "texture:metallic",
    "texture:normal", "texture:smoothness", "txt23d", "txt2audio", "txt2img", "txt2txt", "txt2video",
    "unknown", "uploaded", "uploaded-3d", "uploaded-audio", "uploaded-avatar", "uploaded-text",
    "uploaded-video", "upscale", "upscale-skybox", "upscale-texture", "upscale-video", "vectorization",
    "video23d", "video2audio", "video2img", "video2txt", "video2video", "voice-clone",
]
"""The sources of assets."""

AssetMetadataType = Literal[
    "3d-texture", "3d-texture-albedo", "3d-texture-metallic", "3d-texture-mtl", "3d-texture-normal",
    "3d-texture-roughness", "3d23d", "3d23d-texture", "audio2audio", "audio2txt", "audio2video",
    "background-removal", "canvas", "canvas-drawing", "canvas-export", "detection", "generative-fill",
    "image-prompt-editing", "img23d", "img2img", "img2splat", "img2txt", "img2video", "inference-controlnet",
    "inference-controlnet-img2img", "inference-controlnet-inpaint", "inference-controlnet-inpaint-ip-adapter",
    "inference-controlnet-ip-adapter", "inference-controlnet-reference", "inference-controlnet-texture",
    "inference-img2img", "inference-img2img-ip-adapter", "inference-img2img-texture", "inference-inpaint",
    "inference-inpaint-ip-adapter", "inference-reference", "inference-reference-texture", "inference-txt2img",
    "inference-txt2img-ip-adapter", "inference-txt2img-texture", "patch", "pixelization", "reframe",
    "restyle", "segment", "segmentation-image", "segmentation-mask", "skybox-3d", "skybox-base-360",
    "skybox-hdri", "texture", "texture-albedo", "texture-ao", "texture-edge", "texture-height",
    "texture-metallic", "texture-normal", "texture-smoothness", "txt23d", "txt2audio", "txt2img", "txt2txt",
    "txt2video", "unknown", "uploaded", "uploaded-3d", "uploaded-audio", "uploaded-avatar", "uploaded-text",
    "uploaded-video", "upscale", "upscale-skybox", "upscale-texture", "upscale-video", "vectorization",
    "video23d", "video2audio", "video2img", "video2txt", "video2video", "voice-clone",
]
"""The types of assets in their metadata."""

AssetMimeType = Literal[
    "application/gzip", "application/json", "application/octet-stream", "application/pdf",
    "application/safetensors", "application/vnd.autodesk.fbx", "application/x-authorware-bin",
    "application/x-zip-compressed", "application/x.autodesk.fbx", "application/zip", "audio/flac",
    "audio/m4a", "audio/mpeg", "audio/ogg", "audio/wav", "image/aces", "image/avif", "image/bmp", "image/gif",
    "image/heic", "image/jpeg", "image/png", "image/svg+xml", "image/tiff", "image/vnd.radiance",
    "image/webp", "image/x-exr", "model/glb", "model/gltf+json", "model/gltf-binary", "model/ksplat",
    "model/mtl", "model/obj", "model/ply", "model/sog", "model/splat", "model/spz", "model/stl",
    "model/vnd.collada+xml", "model/vnd.ms-package.3dmanufacturing-3dmodel+xml", "model/vnd.usdz+zip",
    "model/x-3d-vox", "model/x-blender", "model/x-fbx", "model/x-maya-ascii", "model/x-maya-binary",
    "model/x-vsplat", "model/x3d+xml", "text/plain", "video/mp4", "video/quicktime", "video/webm",
]
"""The MIME types of assets."""

JobStatus = Literal[
    "canceled", "failure", "finalizing", "in-progress", "pending", "queued", "success", "warming-up",
]
"""The statuses of jobs."""

JobType = Literal[
    "assets-download", "canvas-export", "caption", "caption-llava", "custom", "describe-style", "detection",
    "embed", "flux", "flux-model-training", "generate-prompt", "image-generation", "image-prompt-editing",
    "inference", "mesh-preview-rendering", "model-download", "model-import", "model-training",
    "musubi-model-training", "openai-image-generation", "patch-image", "pixelate", "reframe",
    "remove-background", "repaint", "restyle", "segment", "skybox-3d", "skybox-base-360", "skybox-hdri",
    "skybox-upscale-360", "splat", "texture", "translate", "upload", "upscale", "upscale-skybox",
    "upscale-texture", "vectorize", "workflow",
]
"""The types of jobs."""

ModelCapability = Literal[
    "3d23d", "audio2audio", "audio2txt", "audio2video", "controlnet", "controlnet_img2img",
    "controlnet_inpaint", "controlnet_inpaint_ip_adapter", "controlnet_ip_adapter", "controlnet_reference",
    "controlnet_texture", "img23d", "img2img", "img2img_ip_adapter", "img2img_texture", "img2txt",
    "img2video", "inpaint", "inpaint_ip_adapter", "outpaint", "reference", "reference_texture", "txt23d",
    "txt2audio", "txt2img", "txt2img_ip_adapter", "txt2img_texture", "txt2txt", "txt2video", "video23d",
    "video2audio", "video2img", "video2txt", "video2video",
]
"""The capabilities of models."""

ModelStatus = Literal["copying", "failed", "new", "trained", "training", "training-canceled"]
"""The statuses of models."""

ModelSource = Literal["civitai", "huggingface", "other", "scenario"]
"""The sources of models."""

AccessRestrictions = Literal[0, 100, 25, 50, 75]
"""The lowest plan that can use a model."""

BackgroundBehavior = Literal["opaque", "transparent"]
"""The background of generated pictures."""

InputType = Literal[
    "boolean", "file", "file_array", "inputs_array", "model", "model_array", "number", "number_array",
    "string", "string_array",
]
"""The types of a model's inputs."""

Sensitivity = Literal["high", "low", "medium"]
"""How strict a check is."""

Verdict = Literal["fail", "pass", "warn"]
"""The results of a check."""

UploadKind = Literal["3d", "asset", "audio", "avatar", "image", "model", "text", "video"]
"""The kinds of uploads."""

UploadStatus = Literal["complete", "failed", "imported", "pending", "validated", "validating"]
"""The statuses of uploads."""

NodeType = Literal[
    "custom-model", "for-each", "generate-prompt", "list", "logic", "model", "remove-background", "transform",
    "user-approval", "user-selection", "workflow",
]
"""The types of a workflow's nodes."""

Modality = Literal[
    "canny", "depth", "grayscale", "lineart_anime", "mlsd", "normal", "pose", "scribble", "segmentation",
    "sketch",
]
"""The kinds of detections in pictures."""

AssetStyle = Literal[
    "3d-cartoon", "3d-rendered", "anime", "cartoon", "cinematic", "claymation", "cloud-skydome", "comic",
    "cyberpunk", "enchanted", "fantasy", "ink", "manga", "manga-color", "minimalist", "neon-tron",
    "oil-painting", "pastel", "photo", "photography", "psychedelic", "retro-fantasy", "scifi-concept-art",
    "space", "standard", "whimsical",
]
"""The named styles of a texture."""

EditCapability = Literal[
    "DETECTION", "GENERATIVE_FILL", "PIXELATE", "PROMPT_EDITING", "REFINE", "REFRAME", "REMOVE_BACKGROUND",
    "SEGMENTATION", "UPSCALE", "UPSCALE_360", "VECTORIZATION",
]
"""The possible edits of an asset."""

AssetClassification = Literal["effect", "interview", "music", "other", "sound", "speech", "text", "unknown"]
"""The kind of sound in an asset."""

LearningRateScheduler = Literal[
    "constant", "constant-with-warmup", "cosine", "cosine-with-restarts", "linear", "polynomial",
]
"""The schedules of the learning rate."""

TrainingStage = Literal[
    "pending", "pending-captcha", "queued-for-train", "ready-for-captcha", "running-train", "starting-train",
]
"""The stages of a training."""

TeamPlan = Literal[
    "cu-basic", "cu-creator", "cu-max", "cu-pro", "cu-pro-q3-25", "cu-team", "cu-team-v2", "enterprise",
    "essential", "free", "premium", "pro",
]
"""The plans of teams."""

TeamRole = Literal["admin", "key", "member"]
"""The roles of users in a team."""

IPDetectionEnforcement = Literal["active-fail-closed", "active-fail-open", "disabled"]
"""Whether others' intellectual property is detected, and what happens if the detection fails."""

IPCategory = Literal["artist-style", "brand-trademark", "celebrity-likeness", "custom", "fictional-character"]
"""Kinds of others' intellectual property."""

PromptMode = Literal["completion", "contextual", "contextual-v2", "image-editing", "inventive", "structured"]
"""The ways to generate prompts."""

CaptionDetails = Literal["action", "action+style"]
"""How detailed a caption is."""

ScoreStatus = Literal["complete", "incomplete", "unknown"]
"""Whether the data for a score was complete."""

PromptSyntaxError = Literal[
    "Prompt weight should be between 0 and 2",
    "Prompt weight symbol should be - or + with a maximum length of 5. Ex: --, ++, ---, +++++",
    "Unsupported prompt syntax: '[to:when], [from::when]'",
    (
        "Unsupported prompt syntax: 'word:<weight>' or '(word):<weight>'. "
        "Please use 'word<weight>' or '(word)<weight>' instead"
    ),
    "Unsupported prompt syntax: --(s|c)ref",
    "Unsupported prompt syntax: <name:weight> or <lora:name:weight>",
    "Unsupported url in prompt",
]
"""The service's messages about errors in a prompt."""

DatasetWarning = Literal[
    "Captions are identical", "Captions are too close", "Empty caption", "Missing caption",
    "Missing metadata", "Same asset", "Similarity is too high", "Similarity with other assets is too low",
    "Width and height must be larger than 1024",
]
"""The service's messages about problems of a training set."""

InferenceType = Literal[
    "controlnet", "controlnet_img2img", "controlnet_inpaint", "controlnet_inpaint_ip_adapter",
    "controlnet_ip_adapter", "controlnet_reference", "controlnet_texture", "img2img", "img2img_ip_adapter",
    "img2img_texture", "inpaint", "inpaint_ip_adapter", "outpaint", "reference", "reference_texture",
    "txt2img", "txt2img_ip_adapter", "txt2img_texture",
]
"""The types of inferences."""

InferenceScheduler = Literal[
    "DDIMScheduler", "DDPMScheduler", "DEISMultistepScheduler", "DPMSolverMultistepScheduler",
    "DPMSolverSinglestepScheduler", "EulerAncestralDiscreteScheduler", "EulerDiscreteScheduler",
    "HeunDiscreteScheduler", "KDPM2AncestralDiscreteScheduler", "KDPM2DiscreteScheduler", "LCMScheduler",
    "LMSDiscreteScheduler", "PNDMScheduler", "TCDScheduler", "UniPCMultistepScheduler",
]
"""The schedulers of inference."""

AspectRatio = Literal["16:9", "1:1", "21:9", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "9:21"]
"""The shapes of pictures."""

Placement = Literal["bottom-left", "bottom-right", "center", "tiled", "top-left", "top-right"]
"""The positions of a watermark."""

WebhookEventType = Literal[
    "*", "asset.download.completed", "asset.download.created", "asset.download.failed",
    "generation.completed", "generation.created", "generation.failed", "inference.cancelled",
    "inference.completed", "inference.created", "inference.failed", "model.download.completed",
    "model.download.created", "model.download.failed", "model.training.cancelled", "model.training.completed",
    "model.training.failed", "model.training.started", "team.credit.threshold.crossed",
]
"""The types of events; ``"*"`` means all."""

WebhookEventStatus = Literal["created", "failed", "retrying", "success"]
"""The statuses of the delivery of an event."""

WorkflowStatus = Literal["deleted", "draft", "ready"]
"""The statuses of workflows."""

OwnerType = Literal["project", "team"]
"""The owners of an object."""

UsageName = Literal[
    "background-removal", "captioning", "creative-unit-cost", "creative-unit-discount", "custom",
    "custom-asset-created", "detection", "image-prompt-editing", "images-generation", "ip-detection",
    "models-training", "patch", "pixelate", "refunds", "repaint", "restyle", "segmentation",
    "skybox-base-360", "skybox-upscale-360", "texture", "upscale", "vectorization",
]
"""The kinds of usage."""

UsageAction = Literal[
    "asset", "asset-privacy", "assistant-message", "background-removal", "byok-remove-project-provider",
    "byok-remove-provider", "byok-set-project-provider", "byok-set-provider", "captioning", "collection",
    "collection-assets", "collection-models", "controlnet", "controlnet-img2img", "controlnet-inpaint",
    "controlnet-ip-adapter", "controlnet-texture", "copy-asset", "copy-model", "creative-unit-cost",
    "creative-unit-discount", "custom", "custom-asset-created", "delete-asset", "delete-collection",
    "delete-collection-assets", "delete-collection-models", "delete-inference-image", "delete-model",
    "delete-model-preset", "delete-oscu-auto-refill", "delete-project-api-key", "delete-project-member",
    "delete-subscription", "delete-team-api-key", "delete-team-invitations", "delete-team-member",
    "delete-training-images", "describe-style", "detection", "disable-project-model", "disable-team-model",
    "download-assets", "download-model", "embed", "enable-project-model", "enable-team-model",
    "generative-fill", "image-prompt-editing", "images-generation", "img2img", "img2img-ip-adapter",
    "img2img-texture", "inference", "inpaint", "inpaint-ip-adapter", "ip-detection", "model", "model-preset",
    "models-training", "oscu", "patch", "pixelate", "project", "project-api-key", "project-member", "reframe",
    "refunds", "repaint", "restyle", "segmentation", "skybox-base-360", "skybox-upscale-360", "start-train",
    "subscription", "subscription-seats", "tag-asset", "tag-model", "team-api-key", "team-member", "texture",
    "train-succeeded", "training-images-to-model", "transfer-model", "txt2img", "txt2img-ip-adapter",
    "update-asset", "update-collection", "update-model", "update-model-description", "update-model-examples",
    "update-model-prompt-guide", "update-oscu-auto-refill", "update-project", "update-project-instructions",
    "update-subscription", "update-team", "update-team-instructions", "update-team-member", "upscale",
    "vectorization",
]
"""The activities of users."""

ListedJobType = Literal[
    "assets-download", "canvas-export", "caption", "custom", "describe-style", "detection", "embed", "flux",
    "flux-model-training", "generate-prompt", "image-generation", "image-prompt-editing", "inference",
    "mesh-preview-rendering", "model-training", "musubi-model-training", "openai-image-generation",
    "pixelate", "reframe", "remove-background", "repaint", "restyle", "segment", "skybox-3d",
    "skybox-base-360", "skybox-hdri", "skybox-upscale-360", "splat", "texture", "translate", "upload",
    "upscale", "upscale-skybox", "upscale-texture", "vectorize", "workflow",
]
"""The types of jobs by which lists can be filtered."""

DownloadFormat = Literal[
    "avif", "fbx", "gif", "glb", "heif", "jpeg", "jpg", "mp3", "mp4", "obj", "png", "svg", "tif", "tiff",
    "webp",
]
"""The formats in which assets can be downloaded."""

UsageKind = Literal[
    "activity", "asset-usages", "consumption", "model-usages", "nsfw-usages", "quality-gate-usages", "usages",
]
"""The reports about usage."""

UsageTimeRange = Literal[
    "last-day", "last-hour", "last-seven-days", "last-thirty-one-days", "last-three-days",
]
"""The time ranges of reports."""

SortDirection = Literal["asc", "desc"]
"""The sort directions."""

ListedPrivacy = Literal["private", "public"]
"""The privacy settings by which lists can be filtered."""

SettableWorkflowStatus = Literal["draft", "ready"]
"""The statuses that a workflow can be set to."""

# fmt: on
